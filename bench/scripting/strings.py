# Strings: made from numbers, joined, split, compared, read character by character.
def rows(n):
    lines = []
    for i in range(n):
        lines.append(f"row {i}, {i * i}")
    return "\n".join(lines)


def vowels(text):
    count = 0
    for i in range(len(text)):
        letter = text[i]
        if letter == "a" or letter == "e" or letter == "o":
            count += 1
    return count


def grown(n):
    text = ""
    for i in range(n):
        text = text + "o"
    return text


text = rows(100_000)
print(len(text.split("\n")))
print(vowels(text[0:500_000]))
print(len(grown(100_000)))
