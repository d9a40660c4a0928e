"""The insurer's gateway as hospitals call it (VSS: token/take, KQNhanLichSuKCB2024), with invented card holders."""
