#!/usr/bin/env python3
"""A small stand-in for the Solr core that CKAN needs (standard library only).

It serves CKAN's own schema.xml, so field types, stored flags, dynamic fields and
copyFields are the real ones; documents live in memory and in one SQLite file.

Answered:  GET|POST  /solr/CORE/select   q fq(s) q.op df defType=(e)dismax qf mm sort
                                         start rows fl facet facet.field/limit/mincount
           POST      /solr/CORE/update   JSON [docs] | {"add"|"delete"|"commit"} | XML
                                         <delete><query|id>, <commit/>, <add><doc>
           GET       /solr/CORE/schema, /solr/CORE/admin/file, /solr/CORE/admin/ping
Query syntax: term, "phrase", field:..., field:(a OR b), AND OR NOT && || ! + -, (...),
              * and ? wildcards, [a TO b] {a TO b}, NOW-7DAYS/DAY, boosts (ignored).
Refused with HTTP 400 rather than guessed: {!local params}, fuzzy/proximity (~), /regex/,
              _query_/_val_, function queries, atomic updates, unknown sort orders.
Kept from Solr: changes are invisible until commit; a string over 32766 bytes, a bad date,
              a list in a single-valued field or a nested object is rejected.
Not Solr: no stemming, no synonyms, and the score is a plain sum of field boosts.
"""

import argparse, datetime as dt, json, os, re, signal, sqlite3, sys, threading, time, unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit


class BadRequest(Exception):
    pass


# ------------------------------------------------------------------ schema and analysis
class Schema:
    def __init__(self, path):
        self.text = open(path, encoding="utf-8").read()
        root = ET.fromstring(self.text)
        self.fields, self.dynamic = {}, []
        for el in root.iter():
            if el.tag == "field":
                self.fields[el.get("name")] = dict(el.attrib)
            elif el.tag == "dynamicField":
                self.dynamic.append((el.get("name"), dict(el.attrib)))
        self.dynamic.sort(key=lambda p: -len(p[0]))  # longest pattern wins
        self.copies = [(c.get("source"), c.get("dest")) for c in root.iter("copyField")]
        self.key = next(root.iter("uniqueKey")).text.strip()

    def get(self, name):
        if name in self.fields:
            return self.fields[name]
        for pattern, spec in self.dynamic:
            if fnmatchcase(name, pattern):
                return spec
        raise BadRequest(f"undefined field {name}")

    def kind(self, name):
        t = self.get(name).get("type")
        if t.startswith("text"):
            return "ngram" if t.endswith("ngram") else "text"
        return t


def fold(s):
    return "".join(c for c in unicodedata.normalize("NFKD", s) if not unicodedata.combining(c)).lower()


def tokens(s):
    """Whitespace, then punctuation, letter/digit and aB boundaries; also the joined word."""
    out = []
    for word in str(s).split():
        parts = re.findall(r"[^\W\d_]+|\d+", re.sub(r"(?<=[a-z])(?=[A-Z])", " ", word))
        out += [fold(p) for p in parts]
        if len(parts) > 1:
            out.append(fold("".join(parts)))
    return out


def parse_date(v, now=None):
    v = str(v)
    m = re.fullmatch(r"NOW((?:[+-]\d+[A-Z]+)*)((?:/[A-Z]+)?)", v)
    if m:
        t = now or dt.datetime.now(dt.timezone.utc)
        for n, unit in re.findall(r"([+-]\d+)([A-Z]+)", m[1]):
            days = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}.get(unit.rstrip("S"))
            secs = {"HOUR": 3600, "MINUTE": 60, "SECOND": 1}.get(unit.rstrip("S"))
            if days is None and secs is None:
                raise BadRequest(f"Invalid Date Math String:'{v}'")
            t += dt.timedelta(days=int(n) * days) if days else dt.timedelta(seconds=int(n) * secs)
        if m[2].startswith("/DAY"):
            t = t.replace(hour=0, minute=0, second=0, microsecond=0)
        return t.strftime("%Y-%m-%dT%H:%M:%S.%f")
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", v):
        raise BadRequest(f"Invalid Date String:'{v}'")
    t = dt.datetime.fromisoformat(v.replace("Z", "+00:00")).astimezone(dt.timezone.utc)
    return t.strftime("%Y-%m-%dT%H:%M:%S.%f")


# ------------------------------------------------------------------ documents
class Doc:
    """One document: .stored is what `fl` can return, .terms what queries look at."""

    def __init__(self, schema, raw):
        self.schema, self.stored, self.raw, values = schema, {}, raw, {}
        for name, value in raw.items():
            if value is None:
                continue
            spec = schema.get(name)
            vals = value if isinstance(value, list) else [value]
            vals = [v for v in vals if v is not None]
            if any(isinstance(v, (dict, list)) for v in vals):
                raise BadRequest(f"Error parsing JSON field value. Unexpected OBJECT_START at [field={name}]")
            if len(vals) > 1 and spec.get("multiValued") != "true":
                raise BadRequest(f"multiple values encountered for non multiValued field {name}")
            if spec.get("stored") == "true" and vals:
                self.stored[name] = vals if spec.get("multiValued") == "true" else vals[0]
            values.setdefault(name, []).extend(vals)
        if schema.key not in values:
            raise BadRequest(f"Document is missing mandatory uniqueKey field: {schema.key}")
        if "indexed_ts" not in values:
            values["indexed_ts"] = [dt.datetime.now(dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")]
            self.stored["indexed_ts"] = values["indexed_ts"][0]
        for source, dest in schema.copies:  # in file order, as CKAN relies on url -> urls -> text
            for name in [n for n in values if fnmatchcase(n, source)]:
                if name != dest:
                    values.setdefault(dest, []).extend(values[name])
        self.terms = {n: self.analyse(n, vs) for n, vs in values.items() if schema.get(n).get("indexed") == "true"}
        self.phrases = {n: " ".join(t for v in vs for t in tokens(v)) for n, vs in values.items() if schema.kind(n) == "text"}

    def analyse(self, name, vals):
        kind = self.schema.kind(name)
        if kind == "text":
            return Counter(t for v in vals for t in tokens(v))
        if kind == "ngram":
            return Counter(str(v).lower() for v in vals)
        if kind == "date":
            return Counter(parse_date(v) for v in vals)
        out = Counter()
        for v in vals:
            s = str(v).lower() if isinstance(v, bool) else str(v)
            if len(s.encode()) > 32766:
                raise BadRequest(
                    f'Document contains at least one immense term in field="{name}" '
                    "(whose UTF8 encoding is longer than the max length 32766)"
                )
            out[s] += 1
        return out

    def match(self, field, text, phrase=False):
        if field == "*" and text == "*":
            return True
        terms = self.terms.get(field)
        if terms is None:
            return False
        if text == "*" and not phrase:
            return True
        kind = self.schema.kind(field)
        wild = not phrase and re.search(r"(?<!\\)[*?]", text)
        text = re.sub(r"\\(.)", r"\1", text) if not wild else text
        if wild:
            if kind == "text":
                text = fold(text)
            rx = re.compile("".join({"*": ".*", "?": "."}.get(p, re.escape(p[-1])) for p in re.findall(r"\\.|.", text, re.S)), re.S)
            return any(rx.fullmatch(t) for t in terms)
        if kind == "text":
            want = tokens(text)
            if len(want) > 1:
                plain = [t for w in text.split() for t in tokens(w)]
                return f" {' '.join(plain)} " in f" {self.phrases[field]} " or (not phrase and all(t in terms for t in want[:-1]))
            return bool(want) and want[0] in terms
        if kind == "ngram":
            return any(text.lower() in t for t in terms)
        if kind == "date":
            return parse_date(text) in terms
        return text in terms

    def in_range(self, field, lo, hi, inc_lo, inc_hi):
        kind = self.schema.kind(field)
        conv = parse_date if kind == "date" else (float if kind in ("int", "float", "long", "double") else str)
        low, high = (None if b == "*" else conv(b) for b in (lo, hi))
        for t in self.terms.get(field, ()):
            v = t if kind == "date" else conv(t)
            if (low is None or v > low or (inc_lo and v == low)) and (high is None or v < high or (inc_hi and v == high)):
                return True
        return False


# ------------------------------------------------------------------ query language
TOKEN = re.compile(
    r"""\s*(?:
    (?P<lp>\() | (?P<rp>\)(?:\^[\d.]+)?) | (?P<plus>\+) | (?P<minus>-|!(?!\{)) | (?P<and>&&|AND(?=[\s(])) | (?P<or>\|\||OR(?=[\s(]))
  | (?P<not>NOT(?=[\s(])) | (?P<range>[\[{](?P<lo>"[^"]*"|[^\s\]}]+)\s+TO\s+(?P<hi>"[^"]*"|[^\s\]}]+)[\]}])
  | (?P<phrase>"(?:[^"\\]|\\.)*"(?P<slop>~\d*)?(?:\^[\d.]+)?)
  | (?P<field>(?:[^\s+\-!():"^\[\]{}~\\/]|\\.)(?:[^\s():"^\[\]{}~\\]|\\.)*):
  | (?P<word>(?:[^\s():"^\[\]{}~\\]|\\.)+)(?P<fuzzy>~[\d.]*)?(?:\^[\d.]+)?
)""",
    re.X,
)


class Parser:
    """Lucene's classic rules: + is must, - is must-not, AND/OR act on their neighbours."""

    def __init__(self, text, default_field, op):
        if re.search(r"\{!|_query_|_val_", text):
            raise BadRequest(f"stand-in: query parser not supported: {text[:80]}")
        self.toks, pos, text = [], 0, text.rstrip()
        while pos < len(text):
            m = TOKEN.match(text, pos)
            if not m:
                raise BadRequest(f"org.apache.solr.search.SyntaxError: Cannot parse '{text}' at {pos}")
            if m["slop"] or m["fuzzy"]:
                raise BadRequest("stand-in: fuzzy and proximity queries are not supported")
            if m["word"] and m["word"].startswith("/"):
                raise BadRequest("stand-in: regular expressions are not supported")
            self.toks.append(m)
            pos = m.end()
        self.i, self.df, self.op = 0, default_field, op
        self.tree = self.clauses(default_field)
        if self.i < len(self.toks):
            raise BadRequest(f"org.apache.solr.search.SyntaxError: Cannot parse '{text}': unbalanced )")

    def peek(self):
        return self.toks[self.i].lastgroup if self.i < len(self.toks) else None

    def kind(self):
        m = self.toks[self.i] if self.i < len(self.toks) else None
        if m is None:
            return None
        return next(k for k in ("lp", "rp", "plus", "minus", "and", "or", "not", "range", "phrase", "field", "word") if m[k] is not None)

    def clauses(self, field):
        out = []
        while self.kind() not in (None, "rp"):
            conj = mod = None
            if self.kind() in ("and", "or"):
                conj = self.kind()
                self.i += 1
            if self.kind() in ("plus", "minus", "not"):
                mod = self.kind()
                self.i += 1
            node = self.clause(field)
            if conj == "and" and out and out[-1][0] == "should":
                out[-1][0] = "must"
            if conj == "or" and self.op == "AND" and out and out[-1][0] == "must" and not out[-1][2]:
                out[-1][0] = "should"
            if mod in ("minus", "not"):
                occur = "not"
            elif mod == "plus" or conj == "and" or (self.op == "AND" and conj != "or"):
                occur = "must"
            else:
                occur = "should"
            out.append([occur, node, mod == "plus"])
        if not out:
            raise BadRequest("org.apache.solr.search.SyntaxError: empty clause")
        return ("bool", out)

    def clause(self, field):
        k, m = self.kind(), self.toks[self.i] if self.i < len(self.toks) else None
        if k is None or k in ("rp", "and", "or"):
            raise BadRequest("org.apache.solr.search.SyntaxError: operator without an operand")
        self.i += 1
        if k == "field":
            return self.clause(re.sub(r"\\(.)", r"\1", m["field"]))
        if k == "lp":
            node = self.clauses(field)
            if self.kind() != "rp":
                raise BadRequest("org.apache.solr.search.SyntaxError: missing )")
            self.i += 1
            return node
        if k == "range":
            text = m["range"]
            return ("range", field, m["lo"].strip('"'), m["hi"].strip('"'), text[0] == "[", text[-1] == "]")
        if k == "phrase":
            body = re.sub(r"\^[\d.]+$", "", m["phrase"])[1:-1]
            return ("term", field, re.sub(r"\\(.)", r"\1", body), True)
        return ("term", field, m["word"], False)


def run(node, doc, top=False):
    if node[0] == "term":
        return doc.match(node[1], node[2], node[3])
    if node[0] == "range":
        return doc.in_range(*node[1:])
    must = [n for o, n, _ in node[1] if o == "must"]
    should = [n for o, n, _ in node[1] if o == "should"]
    if any(run(n, doc) for o, n, _ in node[1] if o == "not"):
        return False
    if must:
        return all(run(n, doc) for n in must)
    if should:
        return any(run(n, doc) for n in should)
    return top  # a purely negative query counts at the top only


def score_of(node, doc):
    if node[0] == "bool":
        return sum(score_of(n, doc) for o, n, _ in node[1] if o != "not")
    return 1.0 if run(node, doc) else 0.0


class DisMax:
    """Each word must be found in one of the qf fields; `mm` of them are enough."""

    def __init__(self, q, qf, mm):
        self.fields = [(f.split("^")[0], float(f.split("^")[1]) if "^" in f else 1.0) for f in qf.split()]
        self.want, self.ban = [], []
        for sign, phrase, word in re.findall(r'([+-]?)(?:"([^"]*)"|(\S+))', q):
            word = re.sub(r"\\(.)", r"\1", word)
            (self.ban if sign == "-" else self.want).append((phrase or word, bool(phrase), sign == "+"))
        n, need = len(self.want), len(self.want)
        for rule in mm.split():  # e.g. 2<-1 5<80%
            limit, _, amount = rule.rpartition("<")
            if limit and n <= int(limit):
                break
            a = amount.rstrip("%")
            v = int(n * float(a) / 100) if amount.endswith("%") else int(a)
            need = n + v if v < 0 else min(v, n)
        self.need = max(need, 1 if n else 0)

    def word(self, w, phrase, doc):
        return max((b for f, b in self.fields if doc.match(f, w if phrase else re.sub(r"([*?\\])", r"\\\1", w), phrase)), default=0.0)

    def __call__(self, doc):
        if any(self.word(w, p, doc) for w, p, _ in self.ban):
            return None
        got = [(self.word(w, p, doc), req) for w, p, req in self.want]
        if any(req and not s for s, req in got) or sum(1 for s, _ in got if s) < self.need:
            return None
        return sum(s for s, _ in got)


# ------------------------------------------------------------------ the core
class Core:
    def __init__(self, schema, db_path):
        self.schema, self.lock, self.docs, self.pending = schema, threading.RLock(), {}, []
        self.db = sqlite3.connect(db_path, check_same_thread=False)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("create table if not exists docs (k text primary key, doc text not null)")
        for k, doc in self.db.execute("select k, doc from docs"):
            self.docs[k] = Doc(schema, json.loads(doc))

    def add(self, raws):
        docs = [Doc(self.schema, r) for r in raws]  # all valid, or none is taken
        with self.lock:
            self.pending += [("add", d) for d in docs]

    def delete(self, query=None, key=None):
        if query is not None:
            tree = Parser(query, "text", "OR").tree
            test = lambda d: run(tree, d, True)
        else:
            test = lambda d: str(d.raw[self.schema.key]) == key
        with self.lock:
            self.pending.append(("del", test))

    def commit(self):
        with self.lock:
            for op, x in self.pending:
                if op == "add":
                    k = str(x.raw[self.schema.key])
                    self.docs[k] = x
                    self.db.execute("insert or replace into docs values (?, ?)", (k, json.dumps(x.raw)))
                else:
                    for k in [k for k, d in self.docs.items() if x(d)]:
                        del self.docs[k]
                        self.db.execute("delete from docs where k = ?", (k,))
            self.pending = []
            self.db.commit()

    def select(self, p):
        one = lambda name, default=None: p.get(name, [default])[-1]
        q, op, df = one("q", "*:*"), one("q.op", "OR"), one("df", "text")
        if one("defType", "lucene") in ("dismax", "edismax") and not re.fullmatch(r"\s*\*:\*\s*", q):
            scorer = DisMax(q, one("qf", df), one("mm", "100%"))
        else:
            tree = Parser(q, df, op).tree
            scorer = lambda d: score_of(tree, d) if run(tree, d, True) else None
        filters = [Parser(f, df, op).tree for f in p.get("fq", []) if f.strip()]
        with self.lock:
            everything = list(self.docs.values())
        hits = []
        for d in everything:
            if all(run(f, d, True) for f in filters):
                s = scorer(d)
                if s is not None:
                    hits.append((s, d))
        for part in reversed([s.strip() for s in (one("sort") or "score desc").split(",") if s.strip()]):
            m = re.fullmatch(r"(\S+)\s+(asc|desc)", part, re.I)
            if not m:
                raise BadRequest(f"Can't determine a Sort Order (asc or desc) in sort spec '{part}', pos=0")
            name, desc = m[1], m[2].lower() == "desc"
            if name == "score":
                hits.sort(key=lambda h: h[0], reverse=desc)
                continue
            number = self.schema.kind(name) in ("int", "long", "float", "double")
            have = [h for h in hits if h[1].terms.get(name)]
            lack = [h for h in hits if not h[1].terms.get(name)]
            have.sort(key=lambda h: (float if number else str)(min(h[1].terms[name])), reverse=desc)
            hits = have + lack  # sortMissingLast
        start, rows = int(one("start", 0)), int(one("rows", 10))
        fl = [f for part in p.get("fl", ["*"]) for f in re.split(r"[\s,]+", part) if f]
        page = []
        for s, d in hits[start : start + rows]:
            out = dict(d.stored) if "*" in fl else {f: d.stored[f] for f in fl if f in d.stored}
            if "score" in fl:
                out["score"] = s
            page.append(out)
        body = {"response": {"numFound": len(hits), "start": start, "numFoundExact": True, "docs": page}}
        if one("facet", "false") == "true":
            limit, least, fields = int(one("facet.limit", 100)), int(one("facet.mincount", 0)), {}
            for name in p.get("facet.field", []):
                c = Counter(t for _, d in hits for t in d.terms.get(name, ()))
                if least == 0:
                    for d in everything:
                        for t in d.terms.get(name, ()):
                            c.setdefault(t, 0)
                top = sorted(((t, n) for t, n in c.items() if n >= least), key=lambda x: (-x[1], x[0]))
                fields[name] = [v for pair in (top if limit < 0 else top[:limit]) for v in pair]
            body["facet_counts"] = {
                "facet_queries": {},
                "facet_fields": fields,
                "facet_ranges": {},
                "facet_intervals": {},
                "facet_heatmaps": {},
            }
        return body

    def update(self, body, ctype, params):
        if "json" in ctype:
            data = json.loads(body or b"[]")
            if isinstance(data, list):
                self.add(data)
            else:
                if "add" in data:
                    self.add([data["add"]["doc"]])
                if "delete" in data:
                    self.delete(query=data["delete"].get("query"), key=data["delete"].get("id"))
                if "commit" in data:
                    self.commit()
        elif body.strip():
            root = ET.fromstring(body)
            if root.tag == "delete":
                for el in root:
                    self.delete(**({"query": el.text} if el.tag == "query" else {"key": el.text}))
            elif root.tag == "add":
                docs = []
                for el in root.iter("doc"):
                    d = {}
                    for f in el.findall("field"):
                        d.setdefault(f.get("name"), []).append(f.text or "")
                    docs.append({k: v if len(v) > 1 else v[0] for k, v in d.items()})
                self.add(docs)
            elif root.tag in ("commit", "optimize"):
                self.commit()
            else:
                raise BadRequest(f"Unknown update command <{root.tag}>")
        if any(params.get(k, ["false"])[-1] == "true" for k in ("commit", "softCommit")):
            self.commit()
        return {}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    core = None

    def log_message(self, *a):
        pass

    def send(self, code, body, ctype="application/json; charset=utf-8"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", ctype)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def handle_one(self):
        t0 = time.time()
        url = urlsplit(self.path)
        params = parse_qs(url.query, keep_blank_values=True)
        n = int(self.headers.get("Content-Length") or 0)
        body, ctype = (self.rfile.read(n) if n else b""), self.headers.get("Content-Type", "")
        if "x-www-form-urlencoded" in ctype:
            for k, v in parse_qs(body.decode(), keep_blank_values=True).items():
                params.setdefault(k, []).extend(v)
        m = re.fullmatch(r"/solr/[\w-]+/(.+?)/?", url.path)
        what = m[1] if m else ""
        try:
            if what == "select":
                out = self.core.select(params)
            elif what == "update":
                out = self.core.update(body, ctype, params)
            elif what == "admin/ping":
                out = {"status": "OK"}
            elif what in ("schema", "admin/file"):
                return self.send(200, self.core.schema.text.encode(), "application/xml; charset=utf-8")
            else:
                return self.send(404, {"error": {"msg": f"stand-in: no handler for {url.path}", "code": 404}})
            out["responseHeader"] = {"status": 0, "QTime": int((time.time() - t0) * 1000)}
            self.send(200, out)
        except (BadRequest, ValueError, ET.ParseError) as e:
            self.send(400, {"responseHeader": {"status": 400}, "error": {"msg": str(e), "code": 400}})

    do_GET = do_POST = handle_one


def main():
    ap = argparse.ArgumentParser()
    ap.add_argument("--schema", required=True)
    ap.add_argument("--db", required=True)
    ap.add_argument("--port", type=int, required=True)
    a = ap.parse_args()
    Handler.core = Core(Schema(a.schema), a.db)
    server = ThreadingHTTPServer(("127.0.0.1", a.port), Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    print(f"solr stand-in on {a.port}: {len(Handler.core.docs)} documents", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
