class Reading:
    def __init__(self, sensor, degrees):
        self.sensor = sensor
        self.degrees = degrees

    def __reduce__(self):
        return Reading, (self.sensor, self.degrees)
