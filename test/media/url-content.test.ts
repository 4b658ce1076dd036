import { gzipSync } from "node:zlib";
import { test } from "uvu";
import * as assert from "uvu/assert";
import type { MediaContent } from "../../generated/backends/backend.ts";
import type { MediaSettings } from "../../src/media/media-settings.ts";
import type { ResolvedAddress } from "../../src/transport/http/guarded-connector.ts";
import { FileServer, type Handler, redirect, send, stall } from "./file-server.ts";
import { bytesOf, gathered, never, openStore, refusal } from "./media-fixture.ts";

const PRIVATE = "not_permitted: reference: leads to an address that guests may not use";
const NOT_ALLOWED =
	"not_permitted: reference: this host does not allow URLs of that site; its operator can allow them with [media] allowed_hosts";

interface Reach {
	readonly server: FileServer;
	/** Names that were resolved. */
	readonly resolved: string[];
	open(url: string, signal?: AbortSignal): Promise<MediaContent>;
}

/** Runs a test against a server. `:0` in URLs stands for its port. Host names resolve by `names`; the default is loopback. */
async function against(
	files: Readonly<Record<string, Handler>>,
	run: (reach: Reach) => Promise<void>,
	settings: Partial<MediaSettings> = { allowedHosts: ["site.test:*"], allowPrivateAddresses: true },
	names: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
	const server = await FileServer.start(files);
	const { store, guest } = await openStore(settings);
	const resolved: string[] = [];
	const resolve = async (name: string): Promise<ResolvedAddress[]> => {
		resolved.push(name);
		return (names[name] ?? ["127.0.0.1"]).map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));
	};
	const media = guest("alice", { resolve });
	try {
		await run({
			server,
			resolved,
			open: (url, signal = never) => media.open({ type: "url", url: url.replace(":0", `:${server.port}`) }, signal),
		});
		await server.quiet();
	} finally {
		await server.close();
		await store.close();
	}
}

test("an allowed URL returns its content with media type and size, and the request holds no header of the guest", async () => {
	await against(
		{ "/a.png?v=1": send(bytesOf(700), { "content-type": "image/png", "content-length": "700" }) },
		async ({ open, server, resolved }) => {
			const content = await open("http://site.test:0/a.png?v=1");
			assert.equal({ mimeType: content.mimeType, size: content.size }, { mimeType: "image/png", size: 700 });
			assert.equal(await gathered(content.stream()), bytesOf(700));
			assert.equal(resolved, ["site.test"]);
			assert.equal(server.headers, [
				{
					host: `site.test:${server.port}`,
					connection: server.headers[0]?.connection,
					accept: "*/*",
					"accept-encoding": "identity",
					"user-agent": "spear-hostcall",
				},
			]);
		},
	);
});

test("the media type is detected from the first bytes when the server sends none, and the content stays complete", async () => {
	const png = Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), bytesOf(500)]);
	const files = { "/a": send(png), "/b": send(png, { "content-type": "application/octet-stream" }), "/none": send("") };
	await against(files, async ({ open }) => {
		for (const path of ["/a", "/b"]) {
			const content = await open(`http://site.test:0${path}`);
			assert.is(content.mimeType, "image/png");
			assert.equal(Buffer.from(await content.bytes(1000)), png);
		}
		const none = await open("http://site.test:0/none");
		assert.is(none.mimeType, "application/octet-stream");
		assert.is((await none.bytes(1)).byteLength, 0);
	});
});

test("a host name that resolves to a loopback or private address is refused without a connection", async () => {
	const names = {
		"loop.test": ["127.0.0.1"],
		"loop6.test": ["::1"],
		"mapped.test": ["::ffff:127.0.0.1"],
		"lan.test": ["192.168.1.1"],
		"meta.test": ["169.254.169.254"],
		"zero.test": ["0.0.0.0"],
		"both.test": ["8.8.8.8", "127.0.0.1"],
		"nothing.test": [],
	};
	await against(
		{ "/": send("secret") },
		async ({ open, server }) => {
			for (const name of Object.keys(names).filter((name) => name !== "nothing.test")) {
				assert.is(await refusal(open(`http://${name}:0/`)), PRIVATE, name);
			}
			assert.is(await refusal(open("http://nothing.test:0/")), "backend_error: the URL's host has no address");
			assert.equal(server.connectedTo, []);
		},
		{ allowedHosts: ["*.test:*"] },
		names,
	);
});

test("a redirect to loopback, another host or another scheme is refused without a request to it", async () => {
	const files = {
		"/loopback": redirect("http://127.0.0.1:1/"),
		"/decimal": redirect("http://2130706433:1/"),
		"/localhost": redirect("//localhost:1/"),
		"/elsewhere": redirect("https://elsewhere.test/"),
		"/password": redirect("http://me:pw@site.test/"),
		"/file": redirect("file:///etc/passwd"),
		"/broken": redirect("http://[::1/"),
	};
	await against(files, async ({ open, server, resolved }) => {
		for (const path of ["/loopback", "/decimal", "/localhost", "/elsewhere"])
			assert.is(await refusal(open(`http://site.test:0${path}`)), NOT_ALLOWED, path);
		assert.is(await refusal(open("http://site.test:0/password")), "not_permitted: reference: must not contain a user or a password");
		assert.is(await refusal(open("http://site.test:0/file")), "invalid_request: reference: only http and https URLs can be used");
		assert.is(
			await refusal(open("http://site.test:0/broken")),
			"invalid_request: the server behind the URL redirects to something other than a URL",
		);
		assert.is(server.requests.length, 7);
		assert.equal([...new Set(resolved)], ["site.test"]);
	});
});

test("a redirect to a port that is not named is refused without a request to it", async () => {
	const other = await FileServer.start({});
	const files = { "/port": redirect(`http://site.test:${other.port}/`), "/default": redirect("http://other.test/") };
	const server = await FileServer.start(files);
	const { store, guest } = await openStore({ allowedHosts: [`site.test:${server.port}`], allowPrivateAddresses: true });
	const media = guest("alice", { resolve: async () => [{ address: "127.0.0.1", family: 4 }] });
	const refused =
		"not_permitted: reference: this host does not allow that port of the site; its operator can allow the port with [media] allowed_hosts, as `host:port`";
	const open = (path: string) => refusal(media.open({ type: "url", url: `http://site.test:${server.port}${path}` }, never));
	assert.is(await open("/port"), refused);
	assert.is(await open("/default"), NOT_ALLOWED);
	assert.equal(other.connectedTo, []);
	await Promise.all([server.close(), other.close(), store.close()]);
});

test("a name or a redirect that leads to a link-local address or a metadata service is refused, also with private addresses", async () => {
	const addresses = ["169.254.169.254", "169.254.0.1", "fe80::1", "fd00:ec2::254", "100.100.100.200", "::ffff:169.254.169.254"];
	const names = Object.fromEntries(addresses.map((address, index) => [`m${index}.test`, [address]]));
	const files = Object.fromEntries(Object.keys(names).map((name) => [`/${name}`, redirect(`http://${name}/`)]));
	await against(
		{ ...files, "/literal": redirect("http://169.254.169.254/") },
		async ({ open, server }) => {
			for (const name of Object.keys(names)) {
				assert.is(await refusal(open(`http://${name}/`)), PRIVATE, name);
				assert.is(await refusal(open(`http://site.test:0/${name}`)), PRIVATE, name);
			}
			assert.is(await refusal(open("http://site.test:0/literal")), NOT_ALLOWED);
			assert.is(server.requests.length, addresses.length + 1);
		},
		{ allowedHosts: ["*.test:*"], allowPrivateAddresses: true },
		names,
	);
});

test("three redirects are followed and a fourth is refused", async () => {
	const files = {
		"/0": redirect("/1", 301),
		"/1": redirect("/2", 307),
		"/2": redirect("/3", 308),
		"/3": redirect("./end", 303),
		"/end": send("there", { "content-type": "text/plain" }),
	};
	await against(files, async ({ open, server }) => {
		assert.is(Buffer.from(await (await open("http://site.test:0/1")).bytes(10)).toString(), "there");
		assert.is(await refusal(open("http://site.test:0/0")), "invalid_request: the server behind the URL redirects more than 3 times");
		assert.is(server.requests.length, 8);
	});
});

test("content larger than an object may be is refused, with or without a content-length", async () => {
	const files = {
		"/said": send(bytesOf(1001), { "content-length": "1001", "content-type": "a/b" }),
		"/unsaid": ((response) => {
			response.writeHead(200, { "content-type": "a/b" });
			response.write(bytesOf(600));
			response.end(bytesOf(401));
		}) satisfies Handler,
		"/fits": send(bytesOf(1000), { "content-type": "a/b" }),
	};
	const tooLarge = "invalid_request: the file behind the URL is larger than the 1000 bytes that the host accepts";
	await against(files, async ({ open }) => {
		assert.is(await refusal(open("http://site.test:0/said")), tooLarge);
		const content = await open("http://site.test:0/unsaid");
		assert.is(content.size, undefined);
		assert.is(await refusal(content.bytes(5000)), tooLarge);
		assert.is((await (await open("http://site.test:0/fits")).bytes(1000)).byteLength, 1000);
		assert.match(await refusal((await open("http://site.test:0/fits")).bytes(999)), /^invalid_request: the object/);
	});
});

test("content that a proxy has compressed is decoded, and its bound counts decoded bytes", async () => {
	const zipped = (size: number) => send(gzipSync(Buffer.alloc(size, "a")), { "content-encoding": "gzip", "content-type": "text/plain" });
	await against({ "/fits": zipped(1000), "/bomb": zipped(10_000_000) }, async ({ open }) => {
		const content = await open("http://site.test:0/fits");
		assert.is(content.size, undefined);
		assert.is(Buffer.from(await content.bytes(1000)).toString(), "a".repeat(1000));
		assert.match(
			await refusal((await open("http://site.test:0/bomb")).bytes(20_000_000)),
			/larger than the \d+ bytes that the host accepts/,
		);
	});
});

test("a failed response is reported without the URL", async () => {
	const files = {
		"/429": send("", {}, 429),
		"/500": send("", {}, 500),
		"/squeezed": send("x", { "content-encoding": "squeeze" }),
		"/not-zipped": send("x", { "content-encoding": "gzip" }),
		"/cut": ((response) => {
			response.writeHead(200, { "content-length": "100", "content-type": "a/b" });
			response.write("begun", () => response.destroy());
		}) satisfies Handler,
		"/hangs-up": ((response) => response.destroy()) satisfies Handler,
	};
	await against(files, async ({ open }) => {
		assert.is(
			await refusal(open("http://site.test:0/none?token=secret")),
			"invalid_request: the server behind the URL answers with status 404",
		);
		assert.is(await refusal(open("http://site.test:0/429")), "rate_limited: the server behind the URL answers with status 429");
		assert.is(await refusal(open("http://site.test:0/500")), "backend_error: the server behind the URL answers with status 500");
		assert.is(
			await refusal(open("http://site.test:0/squeezed")),
			"invalid_request: the server behind the URL encodes its answer in an unknown way, which was not asked for",
		);
		assert.is(
			await refusal(open("http://site.test:0/not-zipped")),
			"invalid_request: the server behind the URL sends data that its content-encoding does not allow",
		);
		const broke = "backend_error: the connection to the server behind the URL failed";
		assert.is(await refusal(open("http://site.test:0/hangs-up")), broke);
		assert.is(await refusal((await open("http://site.test:0/cut")).bytes(1000)), broke);
		assert.is(await refusal(open("http://site.test:1/")), broke);
	});
});

test("an abort ends a download at any stage and closes its connection", async () => {
	const files = { "/silent": (() => {}) satisfies Handler, "/stalls": stall("begun") };
	await against(files, async ({ open, server }) => {
		const early = new AbortController();
		const opening = refusal(open("http://site.test:0/silent", early.signal));
		while (server.requests.length < 1) await new Promise(setImmediate);
		early.abort();
		assert.match(await opening, /^cancelled: /);
		await server.quiet();
		const late = new AbortController();
		const content = await open("http://site.test:0/stalls", late.signal);
		const reading = refusal(content.bytes(100));
		late.abort();
		assert.match(await reading, /^cancelled: /);
		await server.quiet();
		// Opened and never read.
		const unread = new AbortController();
		await open("http://site.test:0/stalls", unread.signal);
		unread.abort();
		await server.quiet();
		assert.match(await refusal(open("http://site.test:0/stalls", unread.signal)), /^cancelled: /);
	});
});

test("the connection closes when the loop over the content ends early", async () => {
	await against({ "/stalls": stall("begun") }, async ({ open, server }) => {
		for await (const bytes of (await open("http://site.test:0/stalls")).stream()) {
			assert.is(Buffer.from(bytes).toString(), "begun");
			break;
		}
		await server.quiet();
	});
});

test.run();
