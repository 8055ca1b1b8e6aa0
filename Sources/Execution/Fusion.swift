import Algorithms
import Gradients
import Graphs
import Schedules
import Tensors

/// Which nodes of a joint graph are computed as one step of the workload.
///
/// A group is a *head* and nodes of which each is the only reader of the one before it, so that
/// what is inside a group is needed for its one reader alone: whatever order the nodes can be run
/// in, groups can be too. The kernel makes the inside piece by piece, where it never lies whole in
/// memory (`KernelTable.work(of:)`).
///
/// - A head is a product, an elementwise operation, or, before an update, a sum.
/// - What follows is elementwise, and last, in training, the update of a parameter: then the
///   gradient is inside.
/// - A group has one phase, lies in one element of a chain and in one `checkpoint { }`; a backward
///   node lies where the forward node does that it differentiates. What has a name, what is a
///   result, and what lies in a region that saves operations by a list stays outside.
/// - A group stands where its inputs are all there: behind the last member of a forward group, and
///   of one that updates; elsewhere as early as can be. What is read later for that is no more than
///   what is then not held.
struct Fusion {
  /// The last nodes of all groups, in the order of the steps; a node alone is a group.
  private(set) var order: [Int]
  /// Of each node: the one before it in its group; below 0 for a head.
  private(set) var previous: [Int32]

  /// No groups but single nodes.
  init(none joint: JointGraph) {
    order = Array(joint.graph.nodes.indices)
    previous = Array(repeating: -1, count: order.count)
  }

  /// The groups of a joint graph; in training, updates consume the gradients of what they write.
  init(_ joint: JointGraph, isTraining: Bool) {
    var search = GroupSearch(joint, isTraining: isTraining)
    search.run()
    previous = search.previous
    order = search.order
  }

  /// The nodes of the group that ends with this one, its head first.
  func members(_ last: Int) -> [Int] { Fusion.members(last, previous) }

  /// The same, of groups given by what stands before each node.
  static func members(_ last: Int, _ previous: [Int32]) -> [Int] {
    if previous[last] < 0 { return [last] }
    var members = [last]
    while let first = members.last, previous[first] >= 0 { members.append(Int(previous[first])) }
    return members.reversed()
  }
}

extension Fusion {
  /// True where a group with this head is computed piece by piece; false where its head is computed
  /// whole, in scratch, and the others on that.
  static func isInPieces(_ head: Node) -> Bool {
    if case .reduce = head.operation { false } else { true }
  }

  /// Bytes of scratch of a step of these nodes, which are counted: what an operation alone uses;
  /// what a group's head makes whole.
  static func scratchBytes(_ nodes: [Node]) -> Int {
    guard let head = nodes.first else { return 0 }
    if nodes.count > 1, !isInPieces(head) {
      return head.results.reduce(0) { $0 + $1.shape.byteCount(of: $1.dtype) }
    }
    return head.operation.scratchBytes(
      operands: head.operands.map { TensorType($0.shape, $0.dtype) }, results: head.results)
  }
}

/// What an operation may be in a group.
enum FusedRole {
  /// A product, whose pieces go to a tile.
  case product
  /// An operation that treats each element alone.
  case elementwise
  /// A sum, which is whole before anything follows.
  case sum
  /// Writes a parameter or the sum of a group's gradients in place.
  case update

  /// `nil` for what is computed alone.
  init?(_ node: Node) {
    guard node.dtype == .f32 || node.dtype == .f64, node.results.count <= 1 else { return nil }
    switch node.operation {
    case .matmul(let isTransposed, _):
      let left = node.operands[0].shape
      // Without a term the result is zeros.
      guard left[left.rank - (isTransposed ? 2 : 1)] > 0 else { return nil }
      self = .product
    case .unary, .unaryAdjoint, .accumulate(isInPlace: false): self = .elementwise
    case .binary(let function), .scalar(let function, _, numberFirst: _):
      guard !function.isComparison else { return nil }
      self = .elementwise
    case .reduce(.sum, _, _): self = .sum
    case .accumulate(isInPlace: true): self = .update
    case .update(let rule, limit: _, isScaled: false):
      if case .adafactor = rule { return nil }
      self = .update
    default: return nil
    }
  }
}

/// Where an elementwise operation of a group finds the elements that it reads beside a result.
enum FusedSource {
  /// In a tensor of the result's shape, without gaps.
  case whole
  /// In a vector that repeats along the last axis.
  case row
  /// In one element.
  case one

  /// `nil` where it lies otherwise.
  init?(_ shape: Shape, isContiguous: Bool, for result: Shape) {
    guard isContiguous else { return nil }
    let last = result.axes.last ?? 1
    if shape == result {
      self = .whole
    } else if shape.count == 1 {
      self = .one
    } else if shape.count == last, shape.axes.last == last {
      self = .row
    } else {
      return nil
    }
  }
}

/// One walk over the nodes of a joint graph, which joins each to the group of what it reads where
/// that may be.
private struct GroupSearch {
  /// A group that a later node may join.
  private struct Group {
    /// Its head, what that is, and how many nodes it has.
    let head: Int
    let role: FusedRole
    var count = 1
    /// The node that it stands at, or right behind.
    var place: Int
    /// The shape that all elementwise nodes have.
    let shape: Shape
  }

  private let joint: JointGraph
  private var nodes: [Node] { joint.graph.nodes }
  private(set) var previous: [Int32]
  private(set) var order: [Int] = []
  /// Of each node: its group, where it is the last of one that may go on.
  private var groups: [Group?]
  /// Of each node: how often its values are read, and by which node last.
  private var uses: [Int32]
  private var lastReader: [Int32]
  /// Of each node: true where its value must be there for others than steps.
  private var isKept: [Bool]
  /// Of each forward node: the number of marks before it.
  private var elements: [Int] = []
  /// The nodes that write in place, ascending; of each input the last other backward node that
  /// needs it.
  private var updates: [Int] = []
  private var lastNeeds: [Int]

  /// Most nodes of a group.
  private static let most = 32

  init(_ joint: JointGraph, isTraining: Bool) {
    self.joint = joint
    let nodes = joint.graph.nodes
    previous = Array(repeating: -1, count: nodes.count)
    groups = Array(repeating: nil, count: nodes.count)
    uses = Array(repeating: 0, count: nodes.count)
    lastReader = Array(repeating: -1, count: nodes.count)
    isKept = Array(repeating: false, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      if node.operation.writesInPlace { updates.append(index) }
      if node.name != nil { isKept[index] = true }
      for operand in node.operands {
        guard let source = operand.node else { continue }
        uses[source] += 1
        lastReader[source] = Int32(index)
      }
    }
    lastNeeds = joint.lastNeedOfInputs { !$0.operation.writesInPlace }
    let updated = isTraining ? Set(joint.updates.map(\.input)) : []
    let gradients = joint.gradients.filter { !updated.contains($0.input) }.compactMap(\.value)
    let outside =
      [joint.loss] + joint.graph.outputs + joint.graph.stateUpdates.map(\.value) + gradients
    for source in outside.compactMap(\.node) { isKept[source] = true }
    var marks = joint.graph.marks.makeIterator()
    var (next, count) = (marks.next(), 0)
    for index in 0..<joint.forwardCount {
      elements.append(count)
      while let mark = next, mark.node <= index {
        count += 1
        next = marks.next()
      }
    }
  }

  mutating func run() {
    for index in nodes.indices {
      guard let role = FusedRole(nodes[index]) else { continue }
      if !join(index, role), role != .update, nodes[index].results[0].shape.count > 0 {
        groups[index] = Group(
          head: index, role: role, place: index, shape: nodes[index].results[0].shape)
      }
    }
    arrange()
  }

  /// Joins a node to a group that ends with what it reads, and tells whether there is one; a
  /// product's first.
  private mutating func join(_ index: Int, _ role: FusedRole) -> Bool {
    guard role == .elementwise || role == .update else { return false }
    let node = nodes[index]
    var best: (last: Int, group: Group)?
    for (position, operand) in node.operands.enumerated() {
      guard let last = operand.node, let group = groups[last], uses[last] == 1, !isKept[last],
        group.count < Self.most, operand.view == nil, areTogether(last, index),
        canFollow(index, role, position, group), let joined = place(index, role, last, group)
      else { continue }
      if let best, best.group.role == .product, group.role != .product { continue }
      best = (last, joined)
    }
    guard let best else { return false }
    previous[index] = Int32(best.last)
    groups[best.last] = nil
    if role != .update { groups[index] = best.group }
    return true
  }

  /// Are both of one phase, in one element of a chain, and in one region that saves nothing?
  private func areTogether(_ first: Int, _ second: Int) -> Bool {
    guard (first < joint.forwardCount) == (second < joint.forwardCount) else { return false }
    func home(_ index: Int) -> Int? {
      index < joint.forwardCount ? index : nodes[index].differentiates
    }
    guard let first = home(first), let second = home(second) else {
      return home(first) == nil && home(second) == nil
    }
    guard elements[first] == elements[second], nodes[first].region == nodes[second].region else {
      return false
    }
    // A list speaks of the regions inside, too.
    var region = nodes[first].region
    while let here = region {
      guard joint.graph.regions[here].saved.isEmpty else { return false }
      region = joint.graph.regions[here].parent
    }
    return true
  }

  /// Can the kernel of a group go on with this node, which reads what the group makes at
  /// `position`?
  private func canFollow(
    _ index: Int, _ role: FusedRole, _ position: Int, _ group: Group
  ) -> Bool {
    let node = nodes[index]
    let operand = node.operands[position]
    if case .accumulate = node.operation {
      guard position == 1 else { return false }
    } else if role == .update {
      return position == 1
    }
    if role == .update { return true }
    guard group.role != .sum || node.operation == .accumulate(isInPlace: false),
      operand.shape == group.shape, node.results[0].shape == group.shape
    else { return false }
    return node.operands.indices.allSatisfy { other in
      let read = node.operands[other]
      if other == position { return true }
      let source = FusedSource(
        read.shape, isContiguous: read.isContiguous, for: group.shape)
      if case .binary = node.operation { return source != nil }
      return source == .whole
    }
  }

  /// The group of `last` with a node more, at the place where it then stands; `nil` where it can
  /// stand nowhere.
  private func place(_ index: Int, _ role: FusedRole, _ last: Int, _ group: Group) -> Group? {
    var group = group
    group.count += 1
    if group.role == .elementwise, group.count == 2, !canBegin(nodes[group.head], group.shape) {
      return nil
    }
    if index < joint.forwardCount || role == .update {
      group.place = index
    } else {
      let sources = nodes[index].operands.compactMap(\.node).filter { $0 != last }
      group.place = max(group.place, sources.max() ?? 0)
    }
    let members = Fusion.members(last, previous)
    if isKept[index], group.role == .elementwise {
      // A result lies in a storage of its own, where the nodes alone would write over an operand.
      let sources = (members + [index]).flatMap { nodes[$0].operands.compactMap(\.node) }
      guard sources.count(where: { !members.contains($0) }) <= 1 else { return nil }
    }
    // Without a step between them nothing is held longer than it was.
    if group.place == group.head || index - group.head < group.count { return group }
    let crossed = updates[updates.partitioningIndex { $0 > group.head }...]
    for update in crossed.prefix(while: { $0 < group.place }) {
      guard let written = nodes[update].operands.first?.input, lastNeeds[written] < group.head
      else { return nil }
    }
    var held: Set<Operand.Origin> = []
    var bytes = 0
    for member in members where member < group.place {
      for operand in nodes[member].operands {
        guard let source = operand.node, !members.contains(source),
          lastReader[source] < group.place, held.insert(operand.origin).inserted
        else { continue }
        let type = nodes[source].results[operand.result]
        bytes += type.shape.byteCount(of: type.dtype)
      }
    }
    return bytes <= group.shape.byteCount(of: nodes[group.head].dtype) ? group : nil
  }

  /// Can an elementwise node be the first of a group?
  private func canBegin(_ node: Node, _ shape: Shape) -> Bool {
    let sources = node.operands.map {
      FusedSource($0.shape, isContiguous: $0.isContiguous, for: shape)
    }
    if case .binary = node.operation {
      return sources.contains(.whole) && !sources.contains(nil)
    }
    return sources.allSatisfy { $0 == .whole }
  }

  /// Puts the groups in order, each at its place, or right behind it.
  private mutating func arrange() {
    var isInside = [Bool](repeating: false, count: nodes.count)
    for before in previous where before >= 0 { isInside[Int(before)] = true }
    var behind: [Int: [Int]] = [:]
    var at = [Int](repeating: -1, count: nodes.count)
    for index in nodes.indices where !isInside[index] {
      let members = Fusion.members(index, previous)
      let place = place(of: members)
      if members.contains(place) {
        at[place] = index
      } else {
        behind[place, default: []].append(index)
      }
    }
    order.reserveCapacity(isInside.count { !$0 })
    for index in nodes.indices {
      if at[index] >= 0 { order.append(at[index]) }
      order += behind[index] ?? []
    }
  }

  /// The node that a group stands at, or right behind.
  private func place(of members: [Int]) -> Int {
    guard let last = members.last, members.count > 1 else { return members[0] }
    if last < joint.forwardCount || nodes[last].operation.writesInPlace { return last }
    return members.reduce(members[0]) { place, member in
      nodes[member].operands.compactMap(\.node).filter { !members.contains($0) }
        .reduce(place, max)
    }
  }
}
