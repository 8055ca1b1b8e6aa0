import Reports
import Writing

/// How often rows of each label were taken for each class.
struct Confusion {
  /// Row by row: of a label, the rows that were taken for each class.
  let counts: [Int]
  /// A name a class.
  let names: [String]

  /// More classes are told by the pairs that are mistaken most.
  private static let mostColumns = 20
  private static let mostPairs = 10

  private var width: Int { names.count }

  private func count(_ label: Int, _ found: Int) -> Int { counts[label * width + found] }

  private func total(_ label: Int) -> Int {
    counts[label * width..<(label + 1) * width].reduce(0, +)
  }

  /// Of each label, the part that was found; nan where there is none.
  var rightParts: [Double] {
    names.indices.map { Double(count($0, $0)) / Double(total($0)) }
  }

  /// A row a label and a column a class, with the part that was found behind each; of many classes,
  /// the pairs that were mistaken most.
  var report: Report {
    let all = counts.reduce(0, +)
    let right = names.indices.reduce(0) { $0 + count($1, $1) }
    return Report(
      .table(width <= Confusion.mostColumns ? matrix : mistakes),
      .note(
        RichText(
          "\(CountFormat.grouped(right)) of \(CountFormat.counted(all, "row")) right: "
            + CountFormat.percent(right, of: all))))
  }

  private var matrix: ReportTable {
    var table = ReportTable(
      [.left("label")] + names.map { .right($0.clipped(to: 12)) } + [.right("right")])
    for label in names.indices {
      let total = total(label)
      table.add(
        [TableCell(names[label].clipped(to: 24))]
          + names.indices.map { .count(count(label, $0)) }
          + [total == 0 ? "–" : .percent(count(label, label), of: total)])
    }
    return table
  }

  private var mistakes: ReportTable {
    var table = ReportTable(.left("label"), .left("taken for"), .right("rows"))
    var pairs: [(label: Int, found: Int)] = []
    for label in names.indices {
      for found in names.indices where label != found && count(label, found) > 0 {
        pairs.append((label, found))
      }
    }
    // Those of equal counts stay in their order.
    pairs.sort {
      (count($1.label, $1.found), $0.label, $0.found)
        < (count($0.label, $0.found), $1.label, $1.found)
    }
    for (label, found) in pairs.prefix(Confusion.mostPairs) {
      table.add([
        TableCell(names[label].clipped(to: 24)), TableCell(names[found].clipped(to: 24)),
        .count(count(label, found)),
      ])
    }
    return table
  }
}
