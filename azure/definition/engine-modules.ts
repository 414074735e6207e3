/** Which modules a locustfile can import on an engine without bringing them along. */

/** @see Python 3.9, The Python Standard Library */
const STANDARD = `
  abc aifc antigravity argparse array ast asynchat asyncio asyncore atexit audioop base64 bdb binascii binhex
  bisect builtins bz2 cProfile calendar cgi cgitb chunk cmath cmd code codecs codeop collections colorsys
  compileall concurrent configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses
  datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler fcntl
  filecmp fileinput fnmatch formatter fractions ftplib functools gc genericpath getopt getpass gettext glob
  graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp importlib inspect io ipaddress
  itertools json keyword lib2to3 linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap
  modulefinder msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator
  optparse os ossaudiodev parser pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib posix
  posixpath pprint profile pstats pty pwd py_compile pyclbr pydoc pydoc_data pyexpat queue quopri random re
  readline reprlib resource rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site
  smtpd smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics
  string stringprep struct subprocess sunau symbol symtable sys sysconfig syslog tabnanny tarfile telnetlib
  tempfile termios textwrap this threading time timeit tkinter token tokenize trace traceback tracemalloc tty
  turtle turtledemo types typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser
  winreg winsound wsgiref xdrlib xml xmlrpc zipapp zipfile zipimport zlib zoneinfo
`;

/** Locust, and what it needs itself. @see Locust 2.33.2, its dependencies */
const WITH_LOCUST = `
  locust gevent greenlet geventhttpclient zmq msgpack flask flask_cors flask_login werkzeug jinja2 click psutil
  requests configargparse roundrobin urllib3 certifi charset_normalizer idna setuptools pkg_resources
`;

/** First parts of their names. */
export const GIVEN_MODULES: ReadonlySet<string> = new Set(`${STANDARD} ${WITH_LOCUST}`.split(/\s+/).filter(Boolean));

/** Common packages whose module has quite another name. */
const MODULE_OF_PACKAGE: Readonly<Record<string, string>> = {
  beautifulsoup4: "bs4",
  pillow: "pil",
  scikit_learn: "sklearn",
  opencv_python: "cv2",
  protobuf: "google",
  grpcio: "grpc",
};

/**
 * @param module first part of its name
 * @param requirements text of requirements.txt
 * @returns false when nothing that is known brings it: a package may, by another name
 */
export const isOnEngine = (module: string, requirements: string): boolean =>
  module.startsWith("_") || GIVEN_MODULES.has(module) || packagesIn(requirements).some((name) => brings(name, module));

/** Names as pip compares them, with `_`. @see PEP 503 */
const packagesIn = (requirements: string): string[] =>
  requirements.split("\n").flatMap((line) => {
    const name = /^\s*([A-Za-z0-9][A-Za-z0-9._-]*)/.exec(line)?.[1];
    return name === undefined ? [] : [name.toLowerCase().replaceAll(/[-_.]+/g, "_")];
  });

/** `azure-identity` brings `azure`, `PyYAML` and `python-dateutil` what stands behind `py` and `python`. */
const brings = (name: string, module: string): boolean => {
  const small = module.toLowerCase();
  const parts = [name, name.replace(/^(?:python_|py)/, ""), MODULE_OF_PACKAGE[name]];
  return parts.some((part) => part === small || part?.startsWith(`${small}_`));
};
