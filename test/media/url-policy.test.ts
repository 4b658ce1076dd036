import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { addressKind } from "../../src/media/addresses.ts";
import { UrlPolicy } from "../../src/media/url-policy.ts";

function outcomeOf(url: string, allowedHosts: readonly string[], allowPrivateAddresses = false): string {
	try {
		return new UrlPolicy({ allowedHosts, allowPrivateAddresses }).admit(url, "image").href;
	} catch (thrown) {
		if (thrown instanceof SpearError) return `${thrown.code}: ${thrown.message}`;
		throw thrown;
	}
}

const NOT_ALLOWED =
	"not_permitted: image: this host does not allow URLs of that site; its operator can allow them with [media] allowed_hosts";
const PORT =
	"not_permitted: image: this host does not allow that port of the site; its operator can allow the port with [media] allowed_hosts, as `host:port`";
const PRIVATE = "not_permitted: image: leads to an address that guests may not use";
const UNUSUAL = "not_permitted: image: the host is an IP address in an unusual spelling; write four decimal numbers";

test("a URL of a listed host is allowed with any letter case, path and query", () => {
	const allowed = ["cdn.example.com"];
	assert.is(outcomeOf("https://cdn.example.com/a.png?b=c#d", allowed), "https://cdn.example.com/a.png?b=c#d");
	assert.is(outcomeOf("HTTP://CDN.Example.COM/a", allowed), "http://cdn.example.com/a");
	assert.is(outcomeOf("https://bücher.example/a", ["xn--bcher-kva.example"]), "https://xn--bcher-kva.example/a");
});

test("a host without a port allows ports 80 and 443 only", () => {
	const allowed = ["cdn.example.com"];
	for (const url of ["http://cdn.example.com/", "https://cdn.example.com/", "http://cdn.example.com:443/", "https://cdn.example.com:80/"])
		assert.is(outcomeOf(url, allowed), url);
	for (const port of [22, 81, 4430, 6379, 8080]) assert.is(outcomeOf(`http://cdn.example.com:${port}/`, allowed), PORT);
});

test("a host with a port allows that port only, and a star allows every port", () => {
	for (const [pattern, host] of [
		["cdn.example.com:8443", "cdn.example.com"],
		["*.example.com:8443", "a.example.com"],
		["8.8.8.8:8443", "8.8.8.8"],
		["[2606:4700::1111]:8443", "[2606:4700::1111]"],
	] as const) {
		assert.is(outcomeOf(`https://${host}:8443/`, [pattern]), `https://${host}:8443/`);
		assert.is(outcomeOf(`https://${host}/`, [pattern]), PORT);
		assert.is(outcomeOf(`https://${host}:8444/`, [pattern]), PORT);
		assert.is(outcomeOf(`https://${host}:8444/`, [pattern.replace("8443", "*")]), `https://${host}:8444/`);
	}
	assert.is(outcomeOf("https://cdn.example.com/", ["cdn.example.com:443"]), "https://cdn.example.com/");
	assert.is(outcomeOf("http://cdn.example.com/", ["cdn.example.com:443"]), PORT);
	assert.is(outcomeOf("https://cdn.example.com/", ["cdn.example.com:8443", "cdn.example.com"]), "https://cdn.example.com/");
});

test("a link-local address or a metadata service is opened only when it is named by itself", () => {
	for (const host of [
		"169.254.169.254",
		"169.254.1.1",
		"100.100.100.200",
		"168.63.129.16",
		"[fe80::1]",
		"[fd00:ec2::254]",
		"[fd20:ce::254]",
	]) {
		const address = host.replace(/^\[|\]$/g, "");
		const check = (allowedHosts: readonly string[], allowPrivateAddresses: boolean) => () =>
			new UrlPolicy({ allowedHosts, allowPrivateAddresses }).checkAddress(address, new URL("http://cdn.example.com/"), "image");
		assert.throws(check(["*.example.com", "10.0.0.1"], true), "leads to an address that guests may not use");
		assert.throws(check([host], false), "leads to an address that guests may not use");
		check([host], true)();
		assert.is(outcomeOf(`http://${host}/`, [host], true), `http://${host}/`);
		assert.is(outcomeOf(`http://${host}/`, [host]), PRIVATE);
	}
});

test("a name that leads to a link-local address reaches only the ports that the address is named with", () => {
	const open = (entry: string, url: string) => (): void =>
		new UrlPolicy({ allowedHosts: ["cdn.example.com:*", entry], allowPrivateAddresses: true }).checkAddress(
			"169.254.1.1",
			new URL(url),
			"image",
		);
	open("169.254.1.1:8443", "https://cdn.example.com:8443/")();
	open("169.254.1.1", "https://cdn.example.com/")();
	open("169.254.1.1:*", "http://cdn.example.com:6379/")();
	for (const url of ["http://cdn.example.com:6379/", "https://cdn.example.com/"])
		assert.throws(open("169.254.1.1:8443", url), "leads to an address that guests may not use");
	assert.throws(open("169.254.1.1", "http://cdn.example.com:6379/"), "leads to an address that guests may not use");
});

test("a URL of any other host is refused, however similar its name", () => {
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
		assert.match(outcomeOf(`https://${host}/a`, ["cdn.example.com"]), /^(not_permitted|invalid_request): image: /, host);
	}
	assert.is(outcomeOf("https://cdn.example.com/a", []), NOT_ALLOWED);
});

test("a wildcard allows every host below a name, but not the name itself", () => {
	const allowed = ["*.example.com"];
	assert.is(outcomeOf("https://a.example.com/", allowed), "https://a.example.com/");
	assert.is(outcomeOf("https://a.b.example.com/", allowed), "https://a.b.example.com/");
	for (const host of ["example.com", "notexample.com", "a.example.com.evil.example"])
		assert.is(outcomeOf(`https://${host}/`, allowed), NOT_ALLOWED);
});

test("a URL is refused when its scheme is not http or https, or when it contains a user or a password", () => {
	const allowed = ["cdn.example.com"];
	assert.is(outcomeOf("https://me@cdn.example.com/", allowed), "not_permitted: image: must not contain a user or a password");
	assert.is(outcomeOf("https://:pw@cdn.example.com/", allowed), "not_permitted: image: must not contain a user or a password");
	for (const url of ["ftp://cdn.example.com/a", "file:///etc/passwd", "data:text/plain,a", "ws://cdn.example.com/", "javascript:1"]) {
		assert.is(outcomeOf(url, allowed), "invalid_request: image: only http and https URLs can be used");
	}
	for (const url of ["", "cdn.example.com/a", "https://", "https://[::1/", `https://cdn.example.com/${"a".repeat(8192)}`]) {
		assert.is(outcomeOf(url, allowed), "invalid_request: image: is not a URL of at most 8192 characters", url.slice(0, 40));
	}
});

test("a listed private address is refused unless private addresses are allowed", () => {
	for (const host of ["127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "[::1]", "[fc00::1]", "[::ffff:7f00:1]"]) {
		assert.is(outcomeOf(`http://${host}/`, [host]), PRIVATE, host);
		assert.is(outcomeOf(`http://${host}/`, [host], true), `http://${host}/`, host);
	}
	for (const host of ["0.0.0.0", "224.0.0.1", "255.255.255.255", "[::]", "[ff02::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]"]) {
		assert.is(outcomeOf(`http://${host}/`, [host], true), PRIVATE, host);
	}
	assert.is(outcomeOf("http://8.8.8.8/", ["8.8.8.8"]), "http://8.8.8.8/");
	for (const host of ["localhost", "a.localhost"]) {
		assert.is(outcomeOf(`http://${host}/`, [host]), PRIVATE);
		assert.is(outcomeOf(`http://${host}/`, [host], true), `http://${host}/`);
	}
});

test("an address in an unusual spelling is refused even when it is listed", () => {
	for (const host of ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0x7f.1", "１２７.0.0.1", "127%2e0.0.1", "0300.0250.1.1"]) {
		for (const allowed of [["127.0.0.1", "192.168.1.1"], ["*.0.0.1"], [host]]) {
			assert.match(outcomeOf(`http://${host}/127.0.0.1`, allowed, true), /^not_permitted: image: /, host);
		}
	}
	assert.is(outcomeOf("http://134744072/", ["8.8.8.8"]), UNUSUAL);
});

test("every address has its kind", () => {
	const kinds = {
		public: ["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "2a00::1"],
		private: [
			"10.255.255.255",
			"100.64.0.0",
			"100.127.255.255",
			"127.255.255.254",
			"172.16.0.1",
			"172.31.255.255",
			"192.168.0.1",
			"::1",
			"fd12::1",
			"::ffff:10.0.0.1",
		],
		"link-local": ["169.254.0.1", "169.254.169.254", "fe80::1", "fe80::1%eth0", "::ffff:a9fe:a9fe", "100.100.100.200", "fd00:ec2::254"],
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
