"""The API kiosks and banks speak: one router per subject."""
