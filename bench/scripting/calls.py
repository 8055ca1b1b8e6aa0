# Functions that call functions: recursion, and a closure with a variable of its own.
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def counter():
    count = 0

    def add(step):
        nonlocal count
        count += step
        return count

    return add


def many(n):
    next = counter()
    last = 0
    for i in range(n):
        last = next(i % 3)
    return last


print(fib(27))
print(many(1_000_000))
