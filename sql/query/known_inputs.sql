SELECT sha256 FROM input WHERE received <= ?
