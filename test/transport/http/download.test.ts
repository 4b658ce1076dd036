import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { download } from "../../../src/transport/http/download.ts";
import type { Download, DownloadOptions } from "../../../src/transport/http/download-options.ts";
import type { ResolvedAddress } from "../../../src/transport/http/guarded-connector.ts";
import { FileServer, type Handler, redirect, send, stall } from "../../media/file-server.ts";
import { gathered, never, refusal } from "../../media/media-fixture.ts";

/** Two addresses of the loopback network: one stands for the internet, the other for a forbidden host. */
const PUBLIC = "127.0.0.1";
const FORBIDDEN = "127.0.0.2";

interface DownloadSetup {
	readonly server: FileServer;
	/** Names that were resolved. */
	readonly resolved: string[];
	/** Paths and addresses that the guard has checked. */
	readonly checked: string[];
	get(url: string, signal?: AbortSignal): Promise<Download>;
}

/** Runs a test with a resolver that returns these answers in order, and a guard that refuses {@link FORBIDDEN}. */
async function against(
	files: Readonly<Record<string, Handler>>,
	answers: readonly (readonly string[])[],
	run: (setup: DownloadSetup) => Promise<void>,
	more: Partial<DownloadOptions> = {},
): Promise<void> {
	const server = await FileServer.start(files, [PUBLIC, FORBIDDEN]);
	const queue = [...answers];
	const [resolved, checked]: string[][] = [[], []];
	const options: DownloadOptions = {
		maxBytes: 1000,
		resolve: async (name): Promise<ResolvedAddress[]> => {
			resolved?.push(name);
			return (queue.shift() ?? []).map((address) => ({ address, family: 4 }));
		},
		guard: {
			url: (url) => void checked?.push(url.pathname),
			address(address) {
				checked?.push(address);
				if (address === FORBIDDEN) throw new SpearError("not_permitted", "forbidden address");
			},
		},
		...more,
	};
	try {
		const get = (url: string, signal = never): Promise<Download> =>
			download(new URL(url.replace(":0", `:${server.port}`)), options, signal);
		await run({ server, resolved: resolved ?? [], checked: checked ?? [], get });
		await server.quiet();
	} finally {
		await server.close();
	}
}

const refused = "not_permitted: forbidden address";

test("a connection resolves its name once and connects to the checked address", async () => {
	await against({ "/": send("hello") }, [[PUBLIC], [FORBIDDEN]], async ({ get, server, resolved, checked }) => {
		const { chunks } = await get("http://rebinds.test:0/");
		assert.is(Buffer.from(await gathered(chunks)).toString(), "hello");
		assert.equal(resolved, ["rebinds.test"]);
		assert.equal(checked, ["/", PUBLIC, PUBLIC]); // The URL, its address, and the address of the connection.
		assert.equal(server.connectedTo, [PUBLIC]);
	});
});

test("informational responses before a file do no harm", async () => {
	const informed: Handler = (response, request) => {
		response.writeContinue();
		response.writeEarlyHints({ link: "</x>; rel=preload" });
		send("hello")(response, request);
	};
	await against({ "/": informed }, [[PUBLIC]], async ({ get }) => {
		assert.is(Buffer.from(await gathered((await get("http://a.test:0/")).chunks)).toString(), "hello");
	});
});

test("a name that resolves to a forbidden address after a redirect is refused", async () => {
	await against({ "/": redirect("/secret"), "/secret": send("secret") }, [[PUBLIC], [FORBIDDEN]], async ({ get, server, resolved }) => {
		assert.is(await refusal(get("http://rebinds.test:0/")), refused);
		assert.equal(resolved, ["rebinds.test", "rebinds.test"]);
		assert.equal(server.connectedTo, [PUBLIC]);
		assert.is(server.requests.length, 1);
	});
});

test("a name with one forbidden address among several is refused", async () => {
	await against(
		{ "/": send("secret") },
		[
			[PUBLIC, FORBIDDEN],
			[FORBIDDEN, PUBLIC],
		],
		async ({ get, server }) => {
			assert.is(await refusal(get("http://both.test:0/")), refused);
			assert.is(await refusal(get("http://both.test:0/")), refused);
			assert.equal(server.connectedTo, []);
		},
	);
});

test("a redirect to a forbidden address, given as number or as name, is refused before a request is sent", async () => {
	for (const location of [`http://${FORBIDDEN}`, "http://inner.test"]) {
		const files: Record<string, Handler> = {};
		await against(files, [[PUBLIC], [FORBIDDEN]], async ({ get, server }) => {
			files["/"] = redirect(`${location}:${server.port}/secret`);
			assert.is(await refusal(get("http://site.test:0/")), refused);
			assert.equal(server.requests, [`site.test:${server.port} /`]);
		});
	}
});

test("an address given as number is checked without being resolved", async () => {
	await against({ "/": send("hello") }, [], async ({ get, server, checked }) => {
		await gathered((await get(`http://${PUBLIC}:0/`)).chunks);
		assert.equal(checked, ["/", PUBLIC, PUBLIC]); // Before and after connecting.
		assert.is(await refusal(get(`http://${FORBIDDEN}:0/`)), refused);
		assert.equal(server.connectedTo, [PUBLIC]);
	});
});

test("a download that does not begin or continue in time is a timeout", async () => {
	const silent: Handler = () => {};
	const headers: Handler = (response) => void response.writeHead(200, { "content-type": "a/b" }).flushHeaders();
	const timeouts = { firstByteTimeoutMs: 300, idleTimeoutMs: 310 };
	const files = { "/silent": silent, "/headers": headers, "/stalls": stall("begun") };
	await against(
		files,
		[[PUBLIC], [PUBLIC], [PUBLIC]],
		async ({ get }) => {
			assert.is(await refusal(get("http://a.test:0/silent")), "timeout: the server behind the URL sent nothing for 300 ms");
			assert.is(
				await refusal(gathered((await get("http://a.test:0/headers")).chunks)),
				"timeout: the server behind the URL sent nothing for 300 ms",
			);
			assert.is(
				await refusal(gathered((await get("http://a.test:0/stalls")).chunks)),
				"timeout: the server behind the URL sent nothing for 310 ms",
			);
		},
		{ timeouts },
	);
});

test("a name that does not resolve in time, and a download that exceeds its total time, are timeouts", async () => {
	await against(
		{},
		[],
		async ({ get, server }) => {
			assert.is(await refusal(get("http://a.test:0/")), "timeout: the server behind the URL accepted no connection within 40 ms");
			assert.equal(server.connectedTo, []);
		},
		{ timeouts: { connectTimeoutMs: 40 }, resolve: () => new Promise(() => {}) },
	);
	await against(
		{ "/": stall("begun") },
		[[PUBLIC]],
		async ({ get }) => {
			const { chunks } = await get("http://a.test:0/");
			assert.is(await refusal(gathered(chunks)), "timeout: the server behind the URL was not complete within 400 ms");
		},
		{ timeouts: { totalTimeoutMs: 400 } },
	);
});

test("discarding a download closes its connection", async () => {
	await against({ "/": stall("begun") }, [[PUBLIC]], async ({ get, server }) => {
		(await get("http://a.test:0/")).discard();
		await server.quiet();
	});
});

test.run();
