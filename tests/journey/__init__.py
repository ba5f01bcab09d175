"""The product as a whole, as its people use it: real browsers, a real server process, no sleeps."""
