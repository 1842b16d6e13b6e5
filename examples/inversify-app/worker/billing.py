class Invoice:
    def __init__(self, number, cents):
        self.number = number
        self.cents = cents

    def __reduce__(self):
        return Invoice, (self.number, self.cents)
