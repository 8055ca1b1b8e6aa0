# Dictionaries: counts by whole number and by word, then looked through.
def histogram(n):
    counts = {}
    state = 1
    for i in range(n):
        state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
        key = state // 65_536 % 1_000
        if key in counts:
            counts[key] += 1
        else:
            counts[key] = 1
    return counts


def words(n):
    names = ["one", "two", "three", "four", "five", "six", "seven", "eight"]
    counts = {}
    for name in names:
        counts[name] = 0
    for i in range(n):
        name = names[i % 8]
        counts[name] = counts[name] + i
    total = 0
    for name, count in counts.items():
        total += count
    return total


counts = histogram(500_000)
print(len(counts))
print(words(1_000_000))
