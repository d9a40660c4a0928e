"""The process that takes photographs from people's phones: on a public host or the site's own Wi-Fi, in memory only.

It knows no store, no kiosk and no person. The gateway opens and closes its sessions and fetches what came; this
process itself never calls anybody, so it may stand where the gateway must not be reached from.
"""
