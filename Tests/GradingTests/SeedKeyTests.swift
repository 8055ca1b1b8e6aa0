import Testing

@testable import Grading

@Suite struct SeedKeyTests {
  /// RFC 4231, test case 2.
  @Test func `a message is authenticated as RFC 4231 says`() {
    let key = SeedKey(secret: Array("Jefe".utf8), course: "")
    let digest = key.authenticated(Array("what do ya want for nothing?".utf8))
    let digits = digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    #expect(digits == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  }

  @Test func `seeds depend on secret, course, student, question and turn`() {
    func seeds(
      _ secret: UInt8, _ course: String, _ student: String, _ question: String
    ) -> [UInt64] {
      SeedKey(secret: [secret], course: course).seeds(
        student: student, question: question, turns: 2)
    }
    let all = [
      seeds(1, "c", "s", "q"), seeds(2, "c", "s", "q"), seeds(1, "d", "s", "q"),
      seeds(1, "c", "t", "q"), seeds(1, "c", "s", "r"), seeds(1, "c", "sq", ""),
    ].flatMap(\.self)
    #expect(Set(all).count == 12)
    #expect(seeds(1, "c", "s", "q") == seeds(1, "c", "s", "q"))
  }
}
