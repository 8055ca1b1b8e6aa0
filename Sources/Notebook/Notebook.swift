// The floor's first file; replaced as the floor is built.
