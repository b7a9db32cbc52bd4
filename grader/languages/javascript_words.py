"""What our own sentences, written for Python, say to whoever writes JavaScript. Data only.

Applied to sentences about the kind of a value and about the file, never to a student's text nor
to what an author wrote.
"""

WORDS: tuple[tuple[str, str], ...] = (
    ("a function without `return` gives None", "a function without `return` gives undefined"),
    ("True and False do not count", "true and false do not count"),
    ("an exception of the kind ValueError", "an exception (an Error or a RangeError)"),
    ("inf, nan or an OverflowError", "Infinity, -Infinity or NaN"),
    ("return the number alone; a comma after it makes a tuple", "return the number alone"),
    ("such as array.item() of an array with one number", "not in an array"),
    ("expected a dict", "expected an object"),
    ("a dict around it", "an object around it"),
    ("got a dict", "got an object"),
    ("a list (or a tuple, or an array)", "an array (or a typed array)"),
    ("a list or a tuple", "an array"),
    ("a numpy array", "an array"),
    ("What comes back is not a list", "What comes back is not an array"),
    ("an int, a float or a numpy scalar", "not a string, a BigInt or an array"),
    ("The list has", "The array has"),
    ("how the list is built", "how the array is built"),
    ("The dictionary has", "The object has"),
    ("a dictionary", "an object"),
    ("a list", "an array"),
    ("gives None", "gives undefined"),
    ("returns None", "returns undefined"),
    ("got None", "got undefined"),
    ("is None", "is undefined or null"),
    ("int(...) or //", "Math.floor, Math.trunc or parseInt"),
    ("convert it with float(...)", "convert it with Number(...)"),
    ("Print the shape after every operation", "Print the lengths after every operation"),
    ("The file is not valid Python", "The file is not valid JavaScript"),
    (
        "Code at the top level runs at import: keep to definitions there, and put trials under "
        '`if __name__ == "__main__":`.',
        "Code at the top level runs when the file is loaded: keep to definitions there, and delete "
        "trials.",
    ),
    (
        "A call such as exit(), quit() or sys.exit() at the top level ends everything. Remove "
        'it, or put it under `if __name__ == "__main__":`.',
        "A call of process.exit() at the top level ends everything. Remove it.",
    ),
    ("move it out of there, and drop `self`", "move it out of there"),
)
