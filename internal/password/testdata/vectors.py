"""Prints werkzeug.tsv: passwords (as JSON) and what a real werkzeug makes of them.

    apt-get install python3-werkzeug      # Debian 13: werkzeug 3.1.3; Debian 12 has no scrypt yet
    /usr/bin/python3 vectors.py > werkzeug.tsv
"""

import importlib.metadata
import json

from werkzeug.security import generate_password_hash

METHODS = [
    "scrypt",  # the default since 2.3
    "scrypt:1024:8:2",
    "scrypt:4096:16:1",
    "scrypt:16384:8:1",
    "pbkdf2",  # 1,000,000 rounds of SHA-256 since 3.1
    "pbkdf2:sha256:260000",  # the default of 2.0 to 2.2
    "pbkdf2:sha512:210000",
    "pbkdf2:sha1:1000",  # the default of 0.9 to 0.11
]

PASSWORDS = ["seven grey herons", "pässwörd ｶﾅ", "e\u0301 \N{SNOWMAN}", "x" * 200]

print(f"# werkzeug {importlib.metadata.version('werkzeug')}, by vectors.py")
for method in METHODS:
    print(json.dumps(PASSWORDS[0]), generate_password_hash(PASSWORDS[0], method), sep="\t")
for password in PASSWORDS[1:]:
    for method in ("scrypt:1024:8:1", "pbkdf2:sha256:1000", "pbkdf2:sha512:1000", "pbkdf2:sha1:1000"):
        print(json.dumps(password), generate_password_hash(password, method, salt_length=8), sep="\t")
