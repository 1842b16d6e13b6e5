"""The job of the queue: a plain class, pickled as Python pickles any."""


class Job:
    def __init__(self, id, task, payload):
        self.id = id
        self.task = task
        self.payload = payload
        self.result = None
