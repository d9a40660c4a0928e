"""Kiosks as the gateway knows them: enrolment, tokens, nonces, evidence, heartbeats."""
