"""Grades sent over the network: LTI 1.3 Assignment and Grade Services, Canvas' and Moodle's REST.

Theory of operation. A `Target` is one gradebook column of one platform. `run` asks it who is there
and what they have, leaves out what the ledger (in the run's store) says is there already, sends the
rest if it is told to, and reads back what the platform then says: that, not the answer to the
request, is what is reported. Each `Outcome` is a value; only what makes the whole push impossible
(no network, no token, no such column) is an exception.

Keys and tokens come from files that only their owner can read, or from the environment. They are
never in an argument, a message, a log or the store.
"""
