import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../../src/errors/spear-error.ts";
import { download } from "../../../src/transport/http/download.ts";
import type { DownloadOptions } from "../../../src/transport/http/download-options.ts";
import { FileServer, send } from "../../media/file-server.ts";
import { gathered, never, refusal } from "../../media/media-fixture.ts";
import { CREDENTIALS, secureServer, withProxy } from "./fixture.ts";

/** Address that stands for a link-local one. */
const FORBIDDEN = "127.0.0.2";

function optionsOf(address: string, network: NonNullable<DownloadOptions["network"]>): DownloadOptions {
	return {
		maxBytes: 1000,
		network,
		resolve: async () => [{ address, family: 4 }],
		guard: {
			url: () => {},
			address(checked) {
				if (checked === FORBIDDEN) throw new SpearError("not_permitted", "forbidden address");
			},
		},
	};
}

test("a download through a proxy asks for the checked address, never for the name", () =>
	withProxy(async ({ proxy, network }) => {
		const files = await FileServer.start({ "/a": send("hello") });
		const { chunks } = await download(new URL(`http://site.test:${files.port}/a`), optionsOf("127.0.0.1", network), never);
		assert.is(Buffer.from(await gathered(chunks)).toString(), "hello");
		assert.equal(proxy.requests, [`CONNECT 127.0.0.1:${files.port}`]);
		assert.equal(proxy.credentials, [CREDENTIALS]);
		assert.equal(files.requests, [`site.test:${files.port} /a`]);
		await files.close();
	}));

test("a download over https through a proxy verifies the name of the URL", () =>
	withProxy(async ({ proxy, network }) => {
		const server = await secureServer({ a: 1 });
		const { chunks } = await download(new URL(`https://up.test:${server.port}/a`), optionsOf("127.0.0.1", network), never);
		assert.is(Buffer.from(await gathered(chunks)).toString(), '{"a":1}');
		assert.equal(proxy.requests, [`CONNECT 127.0.0.1:${server.port}`]);
		const other = new URL(`https://other.test:${server.port}/a`);
		assert.is(
			await refusal(download(other, optionsOf("127.0.0.1", network), never)),
			"backend_error: the connection to the server behind the URL failed",
		);
		await server.close();
	}));

test("a forbidden address is never asked of a proxy", () =>
	withProxy(async ({ proxy, network }) => {
		for (const url of ["http://site.test/a", "https://site.test/a", `http://${FORBIDDEN}/a`, `https://${FORBIDDEN}/a`])
			assert.is(await refusal(download(new URL(url), optionsOf(FORBIDDEN, network), never)), "not_permitted: forbidden address", url);
		assert.equal(proxy.requests, []);
	}));

test("an abort ends a download that waits for a proxy", () =>
	withProxy(async ({ proxy, network }) => {
		proxy.behaviour = "silence";
		const abort = new AbortController();
		const waiting = refusal(download(new URL("https://site.test/a"), optionsOf("127.0.0.1", network), abort.signal));
		while (proxy.requests.length === 0) await proxy.request();
		abort.abort();
		assert.match(await waiting, /^cancelled: /);
		await proxy.quiet();
	}));

test.run();
