"""The visit as people live it: appointments picked up, time slots, numbers found again, rooms."""
