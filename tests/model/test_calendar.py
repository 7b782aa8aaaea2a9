"""Rows noted for later days."""

from waiting import chain_of

from agents.calendar import ROWS, Due, later, new_calendar


def test_rows_stand_in_the_order_they_were_noted_however_many():
    calendar = new_calendar(3, 100)
    for row in range(2 * ROWS + 3):
        later(calendar.handle, Due.LOOK, 1, row)
        later(calendar.handle, Due.EXPIRE, 2, 100 + row)
        later(calendar.handle, Due.LOOK, 3, row)  # behind the end of the run
    assert list(chain_of(calendar, 1, Due.LOOK)) == list(range(2 * ROWS + 3))
    assert calendar.count.sum() == 2 * (2 * ROWS + 3) and calendar.count[2, Due.EXPIRE] == 2 * ROWS + 3
    assert list(chain_of(calendar, 0, Due.LOOK)) == []
