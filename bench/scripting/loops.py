# Nested loops over whole numbers and floats, with conditions.
def collatz(limit):
    longest = 0
    for start in range(1, limit):
        n = start
        length = 1
        while n != 1:
            n = n // 2 if n % 2 == 0 else 3 * n + 1
            length += 1
        if length > longest:
            longest = length
    return longest


def pi_of(terms):
    total = 0.0
    sign = 1.0
    for i in range(terms):
        total += sign / (2 * i + 1)
        sign = -sign
    return 4 * total


print(collatz(30_000))
print("true" if pi_of(2_000_000) > 3.14159 else "false")
