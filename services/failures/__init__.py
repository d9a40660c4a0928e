"""One registry from (error type, reason) to a failure code, with texts for people and a cure for technicians."""
