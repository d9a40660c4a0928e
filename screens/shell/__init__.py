"""What stands around every page: place, tools, time left, the ways back; and the stage that changes the page."""
