"""What the gateway keeps: tables, transactions, migrations, and the vault for personal data."""
