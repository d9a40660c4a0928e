"""An authority's one-stop software: own storage, own numbers, the ten national statuses, faults on demand."""
