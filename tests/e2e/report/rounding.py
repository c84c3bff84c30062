"""Rounds random counts, and counts made to be ties, with fractions; compares with round_numbers.
usage: rounding.py ROUND_NUMBERS
"""
import decimal
import fractions
import random
import subprocess
import sys

NBSP = "\u00a0"


def half_away(value, decimals):
    """Digits of a fraction that is not negative."""
    with decimal.localcontext() as context:
        context.prec = 400
        scaled = value * 10**decimals
        low = scaled.numerator // scaled.denominator
        whole = low + (1 if 2 * (scaled - low) >= 1 else 0)
        return str(decimal.Decimal(whole).scaleb(-decimals).quantize(decimal.Decimal(1).scaleb(-decimals)))


def text(digits):
    while "." in digits and digits.endswith("0") and digits[-2] != ".":
        digits = digits[:-1]
    return digits


def percent(share, decimals):
    """The rule of percentages: no 0 and no 100 that is none."""
    for more in range(decimals, max(decimals, 2) + 1):
        digits = half_away(100 * share, more)
        if decimal.Decimal(digits) == 100 and share != 1 or decimal.Decimal(digits) == 0 and share != 0:
            continue
        return digits + "\t" + text(digits)
    last = max(decimals, 2)
    if share > fractions.Fraction(1, 2):
        return "99." + "9" * last + "\t>" + NBSP + "99.9"
    return "0." + "0" * (last - 1) + "1\t<" + NBSP + "0.1"


def want(line):
    word, decimals, *numbers = line.split()
    pairs = [(int(n), int(of)) for n, of in zip(numbers[::2], numbers[1::2])]
    shares = [fractions.Fraction(n, of) for n, of in pairs if of]
    if not shares:
        return "none"
    mean = sum(shares, fractions.Fraction(0)) / len(shares)
    if word == "ratio":
        digits = half_away(mean, int(decimals))
        return digits + "\t" + text(digits)
    return percent(mean, int(decimals))


def lines(rng):
    for _ in range(30000):
        of = rng.choice((1, 2, 4, 8, 16, 20, 40, 200, 2000, 2500, 4000, 20000, rng.randint(1, 10**6), rng.randint(1, 10**12)))
        n = rng.choice((0, 1, of - 1, of, rng.randint(0, of)))
        yield f"share {rng.randint(0, 2)} {n} {of}"
        yield f"ratio {rng.randint(0, 2)} {rng.randint(0, 10**6)} {of}"
    for _ in range(3000):
        agents = rng.choice((1, 2, 3, 8, 20, 60, 400))
        checks = rng.choice(((250,), (3, 7, 11, 40), range(1, 400), (8, 16, 32, 125)))
        pairs = []
        for _ in range(agents):
            of = rng.choice(checks)
            pairs.append((rng.choice((0, of, of - 1, rng.randint(0, of))), of))
        if rng.random() < 0.5:  # its complement beside each: the sum is whole, then a tie is put on top
            pairs += [(of - n, of) for n, of in pairs] + [(rng.randint(0, 8), rng.choice((8, 16, 40)))]
        yield f"mean {rng.randint(0, 2)} " + " ".join(f"{n} {of}" for n, of in pairs if n <= of)


def main():
    asked = list(lines(random.Random(12)))
    run = subprocess.run([sys.argv[1]], input="\n".join(asked) + "\n", capture_output=True, text=True, check=True)
    got = run.stdout.splitlines()
    wrong = [(a, g, want(a)) for a, g in zip(asked, got) if g != want(a)]
    for ask, is_, should in wrong[:10]:
        print(f"{ask[:200]}: {is_!r}, want {should!r}", file=sys.stderr)
    print(f"{len(asked)} numbers, {len(wrong)} differ")
    return 1 if wrong or len(got) != len(asked) else 0


sys.exit(main())
