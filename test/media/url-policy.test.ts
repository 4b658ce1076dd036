import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { addressKind } from "../../src/media/addresses.ts";
import { UrlPolicy } from "../../src/media/url-policy.ts";

function verdict(url: string, allowedHosts: readonly string[], allowPrivateAddresses = false): string {
	try {
		return new UrlPolicy({ allowedHosts, allowPrivateAddresses }).admit(url, "image").href;
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
}

const NOT_ALLOWED =
	"not_permitted: image: this host does not allow URLs of that site; its operator can allow them with [media] allowed_hosts";
const PRIVATE = "not_permitted: image: leads to an address that guests may not use";
const UNUSUAL = "not_permitted: image: the host is an IP address in an unusual spelling; write four decimal numbers";

test("a host that is named is allowed, in any case, with any port, path and query", () => {
	const allowed = ["cdn.example.com"];
	assert.is(verdict("https://cdn.example.com/a.png?b=c#d", allowed), "https://cdn.example.com/a.png?b=c#d");
	assert.is(verdict("HTTP://CDN.Example.COM:8080/a", allowed), "http://cdn.example.com:8080/a");
	assert.is(verdict("https://bücher.example/a", ["xn--bcher-kva.example"]), "https://xn--bcher-kva.example/a");
});

test("every other host is not, however near it comes", () => {
	for (const host of [
		"example.com",
		"a.cdn.example.com",
		"cdn.example.com.",
		"cdn.example.com.evil.example",
		"evilcdn.example.com",
		"cdn.example.com%2eevil.example",
		"evil.example#cdn.example.com",
		"evil.example/cdn.example.com",
		"evil.example\\cdn.example.com",
	]) {
		assert.match(verdict(`https://${host}/a`, ["cdn.example.com"]), /^(not_permitted|invalid_request): image: /, host);
	}
	assert.is(verdict("https://cdn.example.com/a", []), NOT_ALLOWED);
});

test("a wildcard stands for every host below a name, not for the name itself nor for what ends alike", () => {
	const allowed = ["*.example.com"];
	assert.is(verdict("https://a.example.com/", allowed), "https://a.example.com/");
	assert.is(verdict("https://a.b.example.com/", allowed), "https://a.b.example.com/");
	for (const host of ["example.com", "notexample.com", "a.example.com.evil.example"])
		assert.is(verdict(`https://${host}/`, allowed), NOT_ALLOWED);
});

test("only http and https, without user and password", () => {
	const allowed = ["cdn.example.com"];
	assert.is(verdict("https://me@cdn.example.com/", allowed), "not_permitted: image: must not contain a user or a password");
	assert.is(verdict("https://:pw@cdn.example.com/", allowed), "not_permitted: image: must not contain a user or a password");
	for (const url of ["ftp://cdn.example.com/a", "file:///etc/passwd", "data:text/plain,a", "ws://cdn.example.com/", "javascript:1"]) {
		assert.is(verdict(url, allowed), "invalid_request: image: only http and https URLs can be used");
	}
	for (const url of ["", "cdn.example.com/a", "https://", "https://[::1/", `https://cdn.example.com/${"a".repeat(8192)}`]) {
		assert.is(verdict(url, allowed), "invalid_request: image: is not a URL of at most 8192 characters", url.slice(0, 40));
	}
});

test("an address that is no public one is refused even when the operator named it, unless private ones are allowed", () => {
	for (const host of ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[::1]", "[fc00::1]", "[::ffff:7f00:1]"]) {
		assert.is(verdict(`http://${host}/`, [host]), PRIVATE, host);
		assert.is(verdict(`http://${host}/`, [host], true), `http://${host}/`, host);
	}
	for (const host of ["0.0.0.0", "224.0.0.1", "255.255.255.255", "[::]", "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"]) {
		assert.is(verdict(`http://${host}/`, [host], true), PRIVATE, host);
	}
	assert.is(verdict("http://8.8.8.8/", ["8.8.8.8"]), "http://8.8.8.8/");
	for (const host of ["localhost", "a.localhost"]) {
		assert.is(verdict(`http://${host}/`, [host]), PRIVATE);
		assert.is(verdict(`http://${host}/`, [host], true), `http://${host}/`);
	}
});

test("an address in another spelling is refused, whatever is allowed", () => {
	for (const host of ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "１２７.0.0.1", "127%2e0.0.1", "0300.0250.1.1"]) {
		for (const allowed of [["127.0.0.1", "192.168.1.1"], ["*.0.0.1"], [host]]) {
			assert.match(verdict(`http://${host}/127.0.0.1`, allowed, true), /^not_permitted: image: /, host);
		}
	}
	assert.is(verdict("http://134744072/", ["8.8.8.8"]), UNUSUAL);
});

test("each kind of address is known", () => {
	const kinds = {
		public: ["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "2a00::1"],
		private: [
			"10.255.255.255",
			"100.64.0.0",
			"100.127.255.255",
			"127.255.255.254",
			"169.254.0.1",
			"172.16.0.1",
			"172.31.255.255",
			"192.168.0.1",
			"::1",
			"fd12::1",
			"fe80::1",
			"fe80::1%eth0",
			"::ffff:10.0.0.1",
			"::ffff:a9fe:a9fe",
		],
		reserved: [
			"0.0.0.0",
			"0.1.2.3",
			"192.0.0.1",
			"192.0.2.1",
			"192.88.99.1",
			"198.18.0.1",
			"198.51.100.1",
			"203.0.113.1",
			"224.0.0.251",
			"239.255.255.255",
			"240.0.0.1",
			"255.255.255.255",
			"::",
			"::127.0.0.1",
			"::ffff:0.0.0.0",
			"64:ff9b::1.2.3.4",
			"100::1",
			"2001::1",
			"2001:db8::1",
			"2002:a00:1::",
			"3fff::1",
			"fec0::1",
			"ff02::1",
			"",
			"localhost",
			"127.1",
		],
	};
	for (const [kind, addresses] of Object.entries(kinds)) {
		for (const address of addresses) assert.is(addressKind(address), kind, address);
	}
});

test.run();
