"""One-stop services: dossiers filed and followed at the authority's system, drafts, ratings, documents."""
