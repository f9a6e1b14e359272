"""The servers of the benches: the hub and its peers, the real Debian packages. Each on loopback, a port of the kernel's choice, its own
data folder in the same file system, pinned to the server's core; stopped and removed afterwards. bench/README.md says why each is set as it is."""
import json
import os
import pathlib
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools" / "prove"))
from parts import Hub, wait_for  # noqa: E402

from audit import read_books  # noqa: E402

LOAD_CORE, SERVER_CORE = 0, 1
ON_LOAD_CORE = ["taskset", "-c", str(LOAD_CORE)]
ON_SERVER_CORE = ["taskset", "-c", str(SERVER_CORE)]
UNITS = 100_000_000  # of each SKU at a peer: a bench never sells out
HUB_UNITS = 10_000   # the most a hub's books take of one SKU; holds come back
POSTGRES_BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


def free_port():
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return chosen.getsockname()[1]


def listens(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def run(*command, **options):
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]}: {done.stdout[-1000:]}{done.stderr[-1000:]}")
    return done.stdout


class Peer:
    """A server process. `prepare` once, then start and stop as often as there are rounds."""
    name = ""
    user = None  # whom it runs as when this is root: some refuse to be root

    def __init__(self):
        self.home = pathlib.Path(tempfile.mkdtemp(prefix=f"larder-bench-{self.name}."))
        self.port = free_port()
        self.process = None
        self.accepted = 0  # over all rounds, by what the load heard
        if self.as_user():
            shutil.chown(self.home, self.user, self.user)

    def as_user(self):
        return ["setpriv", f"--reuid={self.user}", f"--regid={self.user}", "--clear-groups"] if self.user and os.getuid() == 0 else []

    def __enter__(self):
        self.prepare()
        return self

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.home, ignore_errors=True)

    def prepare(self):
        pass

    def fresh(self):
        """New books for the next round; the server is not running."""
        shutil.rmtree(self.home / "data", ignore_errors=True)
        run("cp", "-a", "--no-target-directory", self.home / "first", self.home / "data")
        os.sync()  # what was copied is not to be written back while something is measured
        self.accepted = 0

    def keep_first(self):
        run("cp", "-a", self.home / "data", self.home / "first")

    def start(self, seconds=30):
        began = time.monotonic()
        with open(self.home / "server.log", "ab") as log:
            self.process = subprocess.Popen([*ON_SERVER_CORE, *self.as_user(), *map(str, self.command())], stdout=log, stderr=log,
                                            start_new_session=True, cwd=self.home)
        wait_for(lambda: listens(self.port) or self.process.poll() is not None, seconds, f"{self.name}'s port")
        wait_for(self.answers, seconds, f"{self.name}'s first answer")
        return time.monotonic() - began

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} ended: {(self.home / 'server.log').read_text()[-1500:]}")
        return True

    def stop(self, seconds=60):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(seconds)


class Redis(Peer):
    name = "redis"

    def __init__(self, appendfsync, skus=1):
        super().__init__()
        self.appendfsync, self.skus = appendfsync, skus

    def command(self):
        return ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--dir", self.home / "data", "--appendonly", "yes",
                "--appendfsync", self.appendfsync, "--save", "", "--auto-aof-rewrite-percentage", "0", "--daemonize", "no"]

    def cli(self, *words):
        return run("redis-cli", "-p", self.port, *words).strip()

    def answers(self):
        super().answers()
        return self.cli("PING") == "PONG"  # LOADING until the AOF is read

    def prepare(self):
        (self.home / "data").mkdir()
        self.start()
        for sku in range(self.skus):
            self.cli("SET", f"stock:s{sku}", UNITS)
        self.stop()
        self.keep_first()

    def books(self):
        left = sum(int(self.cli("GET", f"stock:s{sku}")) for sku in range(self.skus))
        held = int(self.cli("EVAL", "local n = 0 for _, k in ipairs(redis.call('KEYS', 'hold:*')) do n = n + redis.call('GET', k) end return n", "0"))
        return {"held": held, "drawn": self.skus * UNITS - left}


class Postgres(Peer):
    name, user = "postgres", "postgres"

    def __init__(self, skus=300):
        super().__init__()
        self.skus = skus

    def command(self):
        settings = {"listen_addresses": "127.0.0.1", "port": self.port, "unix_socket_directories": self.home, "max_connections": 220,
                    "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "wal_level": "minimal", "max_wal_senders": 0,
                    "max_wal_size": "4GB", "checkpoint_timeout": "30min", "shared_buffers": "256MB"}
        return [POSTGRES_BIN / "postgres", "-D", self.home / "data", *(f"-c{name}={value}" for name, value in settings.items())]

    def sql(self, text, database="bench"):
        return run("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "bench", "-d", database, "-qAtc", text).strip()

    def answers(self):
        super().answers()
        return subprocess.run([POSTGRES_BIN / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.port)]).returncode == 0

    def prepare(self):
        run(*self.as_user(), POSTGRES_BIN / "initdb", "-D", self.home / "data", "-U", "bench", "-A", "trust", "-E", "UTF8", cwd=self.home)
        self.start()
        self.sql("CREATE DATABASE bench", "postgres")
        self.sql("CREATE TABLE stock (sku text PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0)) WITH (fillfactor = 50)")
        self.sql("CREATE TABLE hold (id text PRIMARY KEY, sku text NOT NULL, quantity bigint NOT NULL)")
        self.sql(f"INSERT INTO stock SELECT 's' || n, {UNITS} FROM generate_series(0, {self.skus - 1}) AS n")
        self.stop()
        self.keep_first()

    def stop(self, seconds=60):
        self.process.send_signal(signal.SIGINT)  # "fast": TERM would wait for the clients
        self.process.wait(seconds)

    def books(self):
        held, left = self.sql("SELECT (SELECT coalesce(sum(quantity), 0) FROM hold), (SELECT sum(available) FROM stock)").split("|")
        return {"held": int(held), "drawn": self.skus * UNITS - int(left)}


class Mariadb(Peer):
    name, user = "mariadb", "mysql"

    def __init__(self, skus=300):
        super().__init__()
        self.skus = skus

    def command(self):
        return ["mariadbd", "--no-defaults", f"--datadir={self.home / 'data'}", f"--port={self.port}", "--bind-address=127.0.0.1",
                f"--socket={self.home / 'sock'}", f"--pid-file={self.home / 'pid'}", "--skip-name-resolve", "--max-connections=220",
                "--innodb-flush-log-at-trx-commit=1", "--innodb-buffer-pool-size=256M", "--innodb-log-file-size=1G", "--skip-log-bin"]

    def sql(self, text, delimiter=";"):
        return run("mariadb", "--no-defaults", "-h", "127.0.0.1", "-P", self.port, "-u", "bench", "-D", "bench", f"--delimiter={delimiter}",
                   "-BNe", text).strip()

    def as_root(self, text):
        return run(*self.as_user(), "mariadb", "--no-defaults", f"--socket={self.home / 'sock'}", "-u", "root", "-BNe", text)

    def prepare(self):
        run(*self.as_user(), "mariadb-install-db", "--no-defaults", f"--datadir={self.home / 'data'}", "--skip-test-db",
            "--auth-root-authentication-method=normal", cwd=self.home)
        self.start()
        self.as_root("CREATE DATABASE bench; CREATE USER bench@'127.0.0.1'; GRANT ALL ON bench.* TO bench@'127.0.0.1'")
        self.sql("CREATE TABLE stock (sku varchar(64) PRIMARY KEY, available bigint NOT NULL CHECK (available >= 0)) ENGINE=InnoDB;"
                 "CREATE TABLE hold (id varchar(64) PRIMARY KEY, sku varchar(64) NOT NULL, quantity bigint NOT NULL) ENGINE=InnoDB;"
                 f"INSERT INTO stock SELECT concat('s', seq), {UNITS} FROM seq_0_to_{self.skus - 1};")
        self.sql("CREATE PROCEDURE reserve(wanted varchar(64), new_id varchar(64)) BEGIN "
                 "DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN ROLLBACK; RESIGNAL; END; "
                 "START TRANSACTION; "
                 "INSERT INTO hold VALUES (new_id, wanted, 1); "
                 "UPDATE stock SET available = available - 1 WHERE sku = wanted AND available >= 1; "
                 "IF ROW_COUNT() = 0 THEN SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = 1644; END IF; "
                 "COMMIT; END", delimiter="//")
        self.stop()
        self.keep_first()

    def books(self):
        held, left = self.sql("SELECT (SELECT coalesce(sum(quantity), 0) FROM hold), (SELECT sum(available) FROM stock)").split("\t")
        return {"held": int(held), "drawn": self.skus * UNITS - int(left)}


class Mosquitto(Peer):
    name = "mosquitto"

    def command(self):
        return ["mosquitto", "-c", self.home / "mosquitto.conf"]

    def prepare(self):
        (self.home / "mosquitto.conf").write_text(
            f"listener {self.port} 127.0.0.1\nallow_anonymous true\npersistence false\nset_tcp_nodelay true\n"
            "max_queued_messages 0\nlog_type error\nlog_dest stderr\n"
            + ("user root\n" if os.getuid() == 0 else ""))


class BenchHub(Hub):
    """The hub under the same roof: pinned, with a device for every connection and stock that is limited. `fresh` puts the books back."""
    name = "larder"

    def __init__(self, kiosks=200, skus=300, till=False):
        super().__init__(rate=100_000, burst=100_000, wrapper=ON_SERVER_CORE)
        self.kiosks, self.skus, self.till, self.accepted = kiosks, skus, till, 0
        self.tokens = self.home / "tokens"

    def __enter__(self):
        self.start()
        menu = self.home / "menu.json"
        menu.write_text(json.dumps(menu_of(self.skus)))
        self.ctl("menu", "import", menu)
        for sku in range(self.skus):
            self.ctl("stock", "limit", f"s{sku}", HUB_UNITS)
        tokens = [self.mint(f"kiosk-{n}", "kiosk") for n in range(self.kiosks)]
        self.tokens.write_text("\n".join(tokens + ([self.mint("till-1", "till")] if self.till else [])) + "\n")
        self.stop()
        shutil.copytree(self.data, self.home / "first")
        return self

    def fresh(self):
        shutil.rmtree(self.data)
        shutil.copytree(self.home / "first", self.data)
        os.sync()  # what was copied is not to be written back while something is measured
        self.accepted = 0

    def journal(self):
        """The texts of its events, in order. The hub must have stopped."""
        (file,) = self.data.glob("*.larder")
        with sqlite3.connect(f"file:{file}?mode=ro", uri=True) as journal:
            yield from (data for (data,) in journal.execute("SELECT data FROM events ORDER BY seq"))

    def count_events(self, name, by):
        return sum(1 for event in map(json.loads, self.journal()) if event["event"] == name and event["by"] == by)

    def count_holds(self):
        return sum('"event":"hold.locked"' in text and '"by":"kiosk-' in text for text in self.journal())

    def books(self):
        return read_books(self.journal())


def menu_of(count):
    text = lambda en: {"en": en, "zh": ""}  # noqa: E731
    return {"version": 0, "currency": "EUR", "option_groups": [], "stations": [{"id": "grill", "name": text("Grill")}],
            "categories": [{"id": "all", "name": text("All")}],
            "items": [{"id": f"i{n}", "category": "all", "name": text(f"Item {n}"), "description": text(""), "image": "", "station": "grill",
                       "channels": ["pos", "kiosk"], "skus": [{"id": f"s{n}", "name": text(""), "price": 500}], "option_groups": [],
                       "parts": []} for n in range(count)]}
