# Lists: built, read and changed by number, mapped, filtered, sorted.
def sieve(limit):
    prime = [True] * limit
    found = []
    for n in range(2, limit):
        if prime[n]:
            found.append(n)
            multiple = n * n
            while multiple < limit:
                prime[multiple] = False
                multiple += n
    return found


def mixed(n):
    numbers = list(map(lambda i: i * 7919 % 10_007, range(n)))
    even = list(filter(lambda i: i % 2 == 0, numbers))
    total = 0
    for value in sorted(even):
        total += value
    return total


print(len(sieve(500_000)))
print(mixed(200_000))
