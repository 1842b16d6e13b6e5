"""The class of the row `tree`. It has no reducer of its own: CPython writes NEWOBJ and its __dict__."""


class Node:
    def __init__(self, value):
        self.value = value
        self.left = None
        self.right = None
