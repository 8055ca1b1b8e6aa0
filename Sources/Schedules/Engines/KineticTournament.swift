/// Who has the lowest of many scores that fall as the clock runs: a kinetic tournament.
///
/// The score of a player is cost/(bytes · (clock − since + 1)), or cost/bytes where scores do not
/// age. Each match remembers until when its winner stays; only matches whose time has come are
/// played again, after Basch, Guibas and Hershberger 1999, Data structures for mobile data.
struct KineticTournament {
  private let ages: Bool
  private let leaves: Int
  /// Of each player.
  private var costs: [Double]
  private var bytes: [Double]
  private var since: [Int]
  /// Of each match, and of each player behind them: who wins, or -1; and from when on that may be
  /// otherwise.
  private var winners: [Int]
  private var ends: [Int]
  /// Matches played so far.
  private(set) var matches = 0

  /// A tournament for the players from 0 to `count` − 1, none of whom takes part yet.
  init(_ count: Int, ages: Bool) {
    self.ages = ages
    var leaves = 1
    while leaves < count { leaves *= 2 }
    self.leaves = leaves
    costs = Array(repeating: 0, count: count)
    bytes = costs
    since = Array(repeating: 0, count: count)
    winners = Array(repeating: -1, count: 2 * leaves)
    ends = Array(repeating: .max, count: 2 * leaves)
  }

  /// Whether a player takes part.
  func has(_ player: Int) -> Bool { winners[leaves + player] >= 0 }

  /// Whether a player takes part with these numbers.
  func has(_ player: Int, cost: Double, since time: Int) -> Bool {
    has(player) && costs[player] == cost && since[player] == time
  }

  /// Lets a player take part, or gives it new numbers: a cost, bytes, and the time of `since`.
  mutating func set(_ player: Int, cost: Double, bytes size: Double, since time: Int, clock: Int) {
    costs[player] = cost
    bytes[player] = size
    since[player] = time
    winners[leaves + player] = player
    replay(player, clock)
  }

  /// Takes a player out.
  mutating func remove(_ player: Int, clock: Int) {
    winners[leaves + player] = -1
    replay(player, clock)
  }

  /// The player of lowest score at this time, the lower one of equals; `nil` for none.
  mutating func lowest(clock: Int) -> Int? {
    advance(1, clock)
    return winners[1] < 0 ? nil : winners[1]
  }

  private func score(_ player: Int, _ clock: Int) -> Double {
    let age = ages ? Double(clock &- since[player] &+ 1) : 1
    return costs[player] / (bytes[player] * age)
  }

  private mutating func advance(_ node: Int, _ clock: Int) {
    guard ends[node] <= clock else { return }
    advance(2 * node, clock)
    advance(2 * node + 1, clock)
    play(node, clock)
  }

  /// Plays the matches of a player again, up to the first that ends as it did before.
  private mutating func replay(_ player: Int, _ clock: Int) {
    var node = (leaves + player) / 2
    while node > 0 {
      let (winner, end) = (winners[node], ends[node])
      play(node, clock)
      if winner == winners[node], end == ends[node], winner != player { return }
      node /= 2
    }
  }

  private mutating func play(_ node: Int, _ clock: Int) {
    matches += 1
    let (left, right) = (winners[2 * node], winners[2 * node + 1])
    var end = min(ends[2 * node], ends[2 * node + 1])
    if left < 0 || right < 0 {
      winners[node] = max(left, right)
    } else if score(right, clock) < score(left, clock) {
      winners[node] = right
      end = min(end, overtaking(of: right, by: left, clock))
    } else {
      winners[node] = left
      end = min(end, overtaking(of: left, by: right, clock))
    }
    ends[node] = end
  }

  /// A time after now, and not later than when one that loses now may win.
  private func overtaking(of winner: Int, by loser: Int, _ clock: Int) -> Int {
    guard ages else { return .max }
    // The winner stays ahead while fall · (its age) ≥ rise · (the loser's age).
    let fall = costs[loser] * bytes[winner]
    let rise = costs[winner] * bytes[loser]
    guard rise > fall else { return .max }
    let own = fall * Double(clock &- since[winner] &+ 1)
    let other = rise * Double(clock &- since[loser] &+ 1)
    // So much for rounding: a match that is nearly even is played again.
    let slack = 0x1p-50
    let ahead = max(0, own - other - slack * (own + other))
    let wait = ahead / (rise - fall + slack * (rise + fall))
    guard wait < 0x1p62 else { return .max }
    return clock &+ max(1, Int(wait))
  }
}
