"""payOS, invented anew: orders with a virtual account each, signed answers and notifications, faults on demand."""
