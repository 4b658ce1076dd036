import { test } from "uvu";
import * as assert from "uvu/assert";
import { ProxyConfigError, proxiesOf } from "../../../src/transport/proxy/proxies.ts";

const A = "http://a.test:3128";
const B = "http://b.test:3128";

/** Returns the proxy of a URL, or `direct`. */
function chosen(url: string, env: Record<string, string>, configured?: string): string {
	return proxiesOf(configured, env).proxyFor(new URL(url))?.url.origin ?? "direct";
}

test("each scheme has the proxy of its variable, in either case, and lower case takes precedence", () => {
	assert.is(chosen("https://x.test", { HTTPS_PROXY: A, HTTP_PROXY: B }), A);
	assert.is(chosen("http://x.test", { HTTPS_PROXY: A, HTTP_PROXY: B }), B);
	assert.is(chosen("https://x.test", { https_proxy: A, HTTPS_PROXY: B }), A);
	assert.is(chosen("https://x.test", { https_proxy: " ", HTTPS_PROXY: B }), B);
	assert.is(chosen("https://x.test", { HTTP_PROXY: B }), "direct");
	assert.is(chosen("https://x.test", {}), "direct");
	assert.is(chosen("https://x.test", { HTTPS_PROXY: "a.test:3128" }), A);
});

test("a configured proxy applies to both schemes, and none to no scheme", () => {
	for (const url of ["https://x.test", "http://x.test"]) {
		assert.is(chosen(url, { HTTPS_PROXY: B, HTTP_PROXY: B }, A), A);
		assert.is(chosen(url, { NO_PROXY: "x.test" }, A), "direct");
		assert.is(chosen(url, { HTTPS_PROXY: B, HTTP_PROXY: B }, "none"), "direct");
	}
});

test("hosts in NO_PROXY are connected to directly", () => {
	const lists: Readonly<Record<string, readonly [direct: readonly string[], proxied: readonly string[]]>> = {
		"x.test": [
			["x.test", "X.test.", "a.x.test"],
			["ax.test", "x.test.org"],
		],
		".x.test": [["x.test", "a.x.test"], ["ax.test"]],
		"*.x.test": [["a.x.test"], ["x.test"]],
		"bücher.test": [
			["bücher.test", "xn--bcher-kva.test", "a.bücher.test"],
			["bucher.test", "a.test"],
		],
		"*.bücher.test": [["a.bücher.test"], ["bücher.test"]],
		"x.test:8443": [["x.test:8443"], ["x.test", "x.test:8444"]],
		"x.test:443": [["x.test"], ["x.test:444"]],
		"192.0.2.7": [["192.0.2.7"], ["192.0.2.8"]],
		"192.0.2.7:8080": [["192.0.2.7:8080"], ["192.0.2.7"]],
		"192.0.2.0/24": [["192.0.2.7"], ["192.0.3.7", "x.test"]],
		"2001:db8::1": [["[2001:db8::1]", "[2001:db8:0::1]"], ["[2001:db8::2]"]],
		"[2001:db8::1]:8080": [["[2001:db8::1]:8080"], ["[2001:db8::1]"]],
		"2001:db8::/32": [["[2001:db8:7::1]"], ["[2001:db9::1]"]],
		"a.test, x.test  y.test": [["a.test", "x.test", "y.test"], ["z.test"]],
		"*": [["x.test", "192.0.2.7"], []],
		", .,:80,192.0.2.0/99,/8,[": [[], ["x.test", "192.0.2.7"]],
	};
	for (const [list, [direct, proxied]] of Object.entries(lists)) {
		for (const name of ["NO_PROXY", "no_proxy"]) {
			for (const host of direct) assert.is(chosen(`https://${host}/`, { HTTPS_PROXY: A, [name]: list }), "direct", `${list}: ${host}`);
			for (const host of proxied) assert.is(chosen(`https://${host}/`, { HTTPS_PROXY: A, [name]: list }), A, `${list}: ${host}`);
		}
	}
});

test("the loopback addresses are always connected to directly", () => {
	for (const host of ["localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "[::1]"])
		assert.is(chosen(`http://${host}:8080/`, { HTTP_PROXY: A }, B), "direct", host);
});

test("credentials of a proxy become its header, and are secrets", () => {
	const { proxyFor, secrets } = proxiesOf(undefined, { HTTPS_PROXY: "http://me:p%40ss%2Fword@a.test:3128" });
	const proxy = proxyFor(new URL("https://x.test"));
	assert.is(proxy?.url.href, "http://a.test:3128/");
	assert.is(proxy?.authorization, `Basic ${Buffer.from("me:p@ss/word").toString("base64")}`);
	assert.equal(secrets, ["me:p@ss/word", Buffer.from("me:p@ss/word").toString("base64"), "p@ss/word"]);
	const weak = proxiesOf(undefined, { HTTPS_PROXY: "http://me:password@a.test" });
	assert.equal(weak.secrets, ["me:password", Buffer.from("me:password").toString("base64")], "a word alone would answer a guess");
});

test("a proxy that is no http or https URL is refused without its value", () => {
	for (const value of ["socks5://me:secret@a.test", "http://", "ftp://a.test", "http://me:secret@a b"]) {
		try {
			proxiesOf(undefined, { HTTPS_PROXY: value });
			assert.unreachable(value);
		} catch (thrown) {
			assert.ok(thrown instanceof ProxyConfigError, String(thrown));
			assert.is(thrown.message, 'HTTPS_PROXY: must be the http or https URL of a proxy, e.g. "http://proxy.example.com:3128"');
		}
	}
});

test.run();
