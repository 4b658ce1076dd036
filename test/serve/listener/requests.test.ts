import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openRaw, statusOf } from "../../helpers/raw-http.ts";
import { type Served, served } from "../../helpers/served.ts";

/** Requests that two servers in a row could understand differently, or whose target is not what it seems. */
const test = suite<{ at: Served }>("requests on the wire");

test.before(async (context) => {
	context.at = await served({ server: { max_body_bytes: 1_024, max_header_bytes: 4_096 } });
});

test.after(({ at }) => at.close());

const HOST = "Host: localhost\r\n";
const GET = `GET /healthz HTTP/1.1\r\n${HOST}`;
const POST = `POST /v1/embeddings HTTP/1.1\r\n${HOST}Content-Type: application/json\r\n`;
const BODY = '{"model":"x","input":"y"}';
/** Status of a request that reached the API whole: there is no such model. */
const WHOLE = "404";

const CASES: Readonly<Record<string, readonly [request: string, status: string]>> = {
	"a plain request": [`${GET}\r\n`, "200"],
	"length and chunks": [`${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, "400"],
	"two lengths": [`${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\n123456`, "400"],
	"two equal lengths": [`${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\n12345`, "400"],
	"a list of lengths": [`${POST}Content-Length: 5, 5\r\n\r\n12345`, "400"],
	"a length with a sign": [`${POST}Content-Length: +5\r\n\r\n12345`, "400"],
	"a hexadecimal length": [`${POST}Content-Length: 0x5\r\n\r\n12345`, "400"],
	"a negative length": [`${POST}Content-Length: -5\r\n\r\n12345`, "400"],
	"an enormous length": [`${POST}Content-Length: 99999999999999999999999\r\n\r\n12345`, "400"],
	"line feeds alone": ["GET /healthz HTTP/1.1\nHost: localhost\n\n", "400"],
	"a carriage return alone": [`GET /healthz HTTP/1.1\r\nHost: localhost\rX: y\r\n\r\n`, "400"],
	"a folded header": [`${GET}X: a\r\n b\r\n\r\n`, "400"],
	"a space before the colon": [`${GET}Content-Length : 5\r\n\r\n12345`, "400"],
	"a header without a name": [`${GET}: x\r\n\r\n`, "400"],
	"another transfer coding": [`${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`, "501"],
	"identity as transfer coding": [`${POST}Transfer-Encoding: identity\r\n\r\n0\r\n\r\n`, "501"],
	"chunks before compression": [`${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`, "400"],
	"compression before chunks": [`${POST}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, "501"],
	"two transfer codings": [`${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n`, "400"],
	"chunks in capitals": [`${POST}Transfer-Encoding: CHUNKED\r\n\r\n19\r\n${BODY}\r\n0\r\n\r\n`, WHOLE],
	"chunks in HTTP/1.0": [`${POST.replace("1.1", "1.0")}Transfer-Encoding: chunked\r\n\r\n19\r\n${BODY}\r\n0\r\n\r\n`, "400"],
	"a chunk with an extension": [`${POST}Transfer-Encoding: chunked\r\n\r\n19;a=b\r\n${BODY}\r\n0\r\n\r\n`, WHOLE],
	"a chunk with a broken extension": [`${POST}Transfer-Encoding: chunked\r\n\r\n19;a="b\r\n${BODY}\r\n0\r\n\r\n`, "400"],
	"a chunk with a long extension": [`${POST}Transfer-Encoding: chunked\r\n\r\n19;a=${"b".repeat(20_000)}\r\n${BODY}`, "413"],
	"a chunk of a negative size": [`${POST}Transfer-Encoding: chunked\r\n\r\n-1\r\n${BODY}\r\n0\r\n\r\n`, "400"],
	"a chunk that is longer than its size": [`${POST}Transfer-Encoding: chunked\r\n\r\n5\r\n${BODY}\r\n0\r\n\r\n`, "400"],
	"a length in the trailer": [`${POST}Transfer-Encoding: chunked\r\n\r\n19\r\n${BODY}\r\n0\r\nContent-Length: 4\r\n\r\n`, "400"],
	"an absolute target": [`GET http://localhost/healthz HTTP/1.1\r\n${HOST}\r\n`, "200"],
	"an absolute target of another host": [`GET http://evil.example/healthz HTTP/1.1\r\n${HOST}\r\n`, "400"],
	"an absolute target and another header": [`GET http://localhost/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n`, "400"],
	"a target of another scheme": [`GET file:///etc/passwd HTTP/1.1\r\n${HOST}\r\n`, "400"],
	"no host": ["GET /healthz HTTP/1.1\r\n\r\n", "400"],
	"two hosts": [`${GET}Host: evil.example\r\n\r\n`, "400"],
	"an empty host": ["GET /healthz HTTP/1.1\r\nHost: \r\n\r\n", "421"],
	"a host with a user": ["GET /healthz HTTP/1.1\r\nHost: localhost@evil.example\r\n\r\n", "400"],
	"HTTP/1.0 without a host": ["GET /healthz HTTP/1.0\r\n\r\n", "200"],
	"a later version": [`GET /healthz HTTP/2.0\r\n${HOST}\r\n`, "505"],
	"an unknown expectation": [`${POST}Content-Length: 1\r\nExpect: 200-ok\r\n\r\n1`, "417"],
	"an upgrade to HTTP/2": [`${GET}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`, "200"],
	"a tunnel": ["CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example\r\n\r\n", "closed"],
	"an echo": [`TRACE /healthz HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"an unknown method": [`BREW /healthz HTTP/1.1\r\n${HOST}\r\n`, "400"],
	"another method in a header": [`${GET}X-HTTP-Method-Override: DELETE\r\n\r\n`, "200"],
	"bytes that are not UTF-8 in the path": [`GET /\xff\xfe HTTP/1.1\r\n${HOST}\r\n`, "400"],
	"escapes that are not UTF-8": [`GET /agents/%ff/run HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"broken escapes": [`GET /agents/%zz/run HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"NUL in the path": [`GET /healthz\0 HTTP/1.1\r\n${HOST}\r\n`, "400"],
	"an escaped NUL": [`GET /healthz%00 HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"NUL in a header": [`${GET}X: a\0b\r\n\r\n`, "400"],
	"a backslash": [`GET /\\healthz HTTP/1.1\r\n${HOST}\r\n`, "400"],
	"escaped dots": [`GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"dots below the page": [`GET /page/../../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"an escaped slash": [`GET /v1%2Fmodels HTTP/1.1\r\n${HOST}\r\n`, "404"],
	"a header of a megabyte": [`${GET}X: ${"a".repeat(1_000_000)}\r\n\r\n`, "431"],
	"a target of a megabyte": [`GET /${"a".repeat(1_000_000)} HTTP/1.1\r\n${HOST}\r\n`, "431"],
	"too many header fields": [`${GET}${"a:b\r\n".repeat(300)}\r\n`, "431"],
	"a stated body beyond the bound": [`${POST}Content-Length: 1025\r\n\r\n`, "413"],
	"chunks beyond the bound": [`${POST}Transfer-Encoding: chunked\r\n\r\n401\r\n${" ".repeat(0x401)}`, "413"],
	"a compressed body": [`${POST}Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\n123`, "415"],
	"a body of a form": [
		`POST /v1/embeddings HTTP/1.1\r\n${HOST}Content-Type: text/plain\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
		"415",
	],
};

for (const [name, [request, status]] of Object.entries(CASES)) {
	test(`${name}: ${status}`, async ({ at }) => {
		assert.is(await statusOf(at.port, request), status);
	});
}

test("a refused request closes its connection, so that the bytes after it are no request", async ({ at }) => {
	const hidden = `GET /readyz HTTP/1.1\r\n${HOST}\r\n`;
	for (const name of ["length and chunks", "another transfer coding", "two hosts", "chunks in HTTP/1.0"]) {
		const answer = await openRaw(at.port, `${CASES[name]?.[0]}${hidden}`).closed;
		assert.is(answer.match(/HTTP\/1\.1 /g)?.length, 1, name);
	}
});

test("the body of a request that ignores it is no request", async ({ at }) => {
	const hidden = `GET /readyz HTTP/1.1\r\n${HOST}\r\n`;
	const answer = await openRaw(at.port, `${GET}Content-Length: ${hidden.length}\r\n\r\n${hidden}${GET}Connection: close\r\n\r\n`).closed;
	assert.is(answer.match(/"status":"alive"/g)?.length, 2);
	assert.not.match(answer, "ready");
});

test("requests in one write are answered in order", async ({ at }) => {
	const answer = await openRaw(at.port, `${GET}\r\nGET /readyz HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`).closed;
	assert.ok(answer.indexOf('"alive"') < answer.indexOf('"ready"') && answer.includes('"alive"'));
});

test("a client that asks first is told to continue, and is refused at once for a body beyond the bound", async ({ at }) => {
	const asked = openRaw(at.port, `${POST}Content-Length: ${BODY.length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`);
	await asked.until(/^HTTP\/1\.1 100 Continue\r\n\r\n$/);
	asked.socket.write(BODY);
	assert.match(await asked.closed, /\r\n\r\nHTTP\/1\.1 404 /);
	const answer = await openRaw(at.port, `${POST}Content-Length: 999999\r\nExpect: 100-continue\r\n\r\n`).closed;
	assert.match(answer, /^HTTP\/1\.1 413 /);
	assert.match(answer, /\r\nconnection: close\r\n/i);
});

test("an address in a header of a proxy is not believed", async ({ at }) => {
	await openRaw(at.port, `${GET}X-Forwarded-For: 203.0.113.9\r\nForwarded: for=203.0.113.9\r\nConnection: close\r\n\r\n`).closed;
	const lines = at.log.filter(({ message }) => message === "GET /healthz");
	assert.match(JSON.stringify(lines.at(-1)?.fields), /"remote_address":"127\.0\.0\.1"/);
	assert.not.match(JSON.stringify(lines), "203.0.113.9");
});

test("the log has no line breaks and no endless path of a request, and the status of one that was left", async ({ at }) => {
	await openRaw(at.port, `GET /a%0Ab${"c".repeat(2_000)} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`).closed;
	const line = at.log.findLast(({ message }) => message.startsWith("GET /a"));
	assert.match(line?.message ?? "", /^GET \/a\\nbccc/);
	assert.ok((line?.message.length ?? 0) < 300);
	const left = openRaw(at.port, `${POST}Content-Length: 20\r\n\r\n{"input": "`);
	await new Promise((resolve) => left.socket.once("connect", resolve));
	left.socket.end();
	const isLogged = (): boolean => at.log.some(({ fields }) => "status" in fields && fields.status === 499);
	while (!isLogged()) await new Promise((resolve) => setTimeout(resolve, 5));
});

test.run();
