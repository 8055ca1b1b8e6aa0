import CNettle

/// Gives each student draws of their own, which nobody can know who has not the course's secret.
///
/// A seed is the beginning of HMAC-SHA-256 (RFC 2104, FIPS 198-1) over course, student, question
/// and turn, keyed by the secret. It has 32 bits, so that it can be typed where a test is replayed.
package struct SeedKey: Sendable {
  private let secret: [UInt8]
  private let course: String

  /// - Parameters:
  ///   - secret: Of the course; an empty one gives seeds that everybody can know.
  ///   - course: What the assignment is called.
  package init(secret: [UInt8], course: String) {
    (self.secret, self.course) = (secret, course)
  }

  /// What the draws of each turn of a test begin with.
  package func seeds(student: String, question: String, turns: Int) -> [UInt64] {
    (0..<turns).map { turn in
      let parts = [course, student, question, "\(turn)"]
      // Each part behind its length, so that no two questions give one text.
      let message = parts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) }
      return authenticated(message).prefix(4).reduce(0) { $0 << 8 | UInt64($1) }
    }
  }

  /// The same for each test of the checks.
  package func seeds(of checks: ChecksFile, student: String) -> [[UInt64]] {
    checks.tests.map { seeds(student: student, question: $0.name, turns: $0.seeds) }
  }

  /// HMAC-SHA-256 of a message, 32 bytes.
  package func authenticated(_ message: [UInt8]) -> [UInt8] {
    var state = hmac_sha256_ctx()
    nettle_hmac_sha256_set_key(&state, secret.count, secret)
    nettle_hmac_sha256_update(&state, message.count, message)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
    nettle_hmac_sha256_digest(&state, digest.count, &digest)
    return digest
  }

  /// SHA-256 (FIPS 180-4) of bytes, as 64 hexadecimal digits.
  package static func digest(_ bytes: [UInt8]) -> String {
    var state = sha256_ctx()
    nettle_sha256_init(&state)
    nettle_sha256_update(&state, bytes.count, bytes)
    var digest = [UInt8](repeating: 0, count: Int(SHA256_DIGEST_SIZE))
    nettle_sha256_digest(&state, digest.count, &digest)
    return digest.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }
}
