-- How many calls are open is the platform's business, not a tenant's.
REVOKE SELECT ON usage_closed_day FROM atrium_app;
