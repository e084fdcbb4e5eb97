"""The pages of the audit trail: of a project, and of the installation itself."""
