import { mkdtemp, writeFile } from "node:fs/promises";
import { request as httpsRequest } from "node:https";
import { connect as connectTcp } from "node:net";
import { join } from "node:path";
import { connect } from "node:tls";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { createHost } from "../../../src/index.ts";
import { createServer } from "../../../src/serve.ts";
import { createCertificates } from "../../helpers/certificates.ts";
import { scratch } from "../../helpers/guest.ts";
import { served } from "../../helpers/served.ts";

const test = suite("TLS of the server");

async function files(): Promise<{ cert: string; key: string; write(made: { cert: string; key: string }): Promise<void> }> {
	const directory = await mkdtemp(join(scratch(), "tls-"));
	const [cert, key] = [join(directory, "cert.pem"), join(directory, "key.pem")];
	return {
		cert,
		key,
		async write(made) {
			await writeFile(cert, made.cert);
			await writeFile(key, made.key);
		},
	};
}

/** Returns the body of an answer, over a connection of its own. */
function get(port: number, ca: string): Promise<string> {
	return new Promise((resolve, reject) => {
		const asked = httpsRequest({ host: "localhost", port, path: "/healthz", ca, agent: false }, (answered) => {
			let text = "";
			answered.setEncoding("utf8");
			answered.on("data", (chunk) => {
				text += chunk;
			});
			answered.on("end", () => resolve(text));
		});
		asked.on("error", reject).end();
	});
}

test("a server with a certificate speaks HTTPS, and a renewed certificate is used after a reload", async () => {
	const at = await files();
	const first = createCertificates("localhost");
	await at.write(first.server);
	const server = await served({ server: { tls_cert_file: at.cert, tls_key_file: at.key } });
	assert.match(server.url, /^https:/);
	assert.is(await get(server.port, first.ca), '{"status":"alive"}');
	const second = createCertificates("localhost");
	await at.write({ cert: second.server.cert, key: "half" });
	await server.host.reload();
	assert.is(await get(server.port, first.ca), '{"status":"alive"}');
	assert.match(server.log.find(({ level }) => level === "error")?.message ?? "", "the former certificate stays in use: ");
	await at.write(second.server);
	await server.host.reload();
	assert.is(await get(server.port, second.ca), '{"status":"alive"}');
	assert.match(String(await get(server.port, first.ca).catch((thrown: Error) => thrown.message)), /certificate|signature/);
	await server.close();
});

test("a renewed certificate is used at once while files are watched", async () => {
	const at = await files();
	const [first, second] = [createCertificates("localhost"), createCertificates("localhost")];
	await at.write(first.server);
	const server = await served({ server: { tls_cert_file: at.cert, tls_key_file: at.key } }, {}, { watch: true });
	await at.write(second.server);
	const isRenewed = (): Promise<boolean> =>
		get(server.port, second.ca).then(
			() => true,
			() => false,
		);
	while (!(await isRenewed())) await new Promise((resolve) => setTimeout(resolve, 20));
	await server.close();
});

test("files that cannot be used are named with the reason", async () => {
	const at = await files();
	const [one, other] = [createCertificates("localhost").server, createCertificates("localhost").server];
	const cases: [cert: string | undefined, key: string, message: RegExp][] = [
		[undefined, one.key, /cert\.pem: no such file$/],
		["nonsense", one.key, /cert\.pem: it holds no certificate in PEM/],
		[one.cert, "nonsense", /key\.pem: it holds no private key in PEM/],
		[one.cert, other.key, /key\.pem: it is not the key of the certificate in .*cert\.pem/],
		[one.key, one.cert, /cert\.pem: it holds no certificate/],
	];
	for (const [cert, key, message] of cases) {
		if (cert !== undefined) await at.write({ cert, key });
		else await writeFile(at.key, key);
		const config = { server: { tls_cert_file: at.cert, tls_key_file: at.key }, host: { log_level: "silent" as const } };
		const host = await createHost({ config, env: {} });
		const server = createServer(host);
		const thrown = await server.listen({ port: 0 }).catch((fault: unknown) => fault);
		assert.instance(thrown, Error);
		assert.match(String(thrown), message);
		await server.close();
		await host.close();
	}
});

test("connections count from the handshake on, and one that fails is forgotten", async () => {
	const at = await files();
	const made = createCertificates("localhost");
	await at.write(made.server);
	const server = await served({ server: { tls_cert_file: at.cert, tls_key_file: at.key, max_connections: 2 } });
	const silent = connectTcp(server.port, "127.0.0.1");
	const isClosed = new Promise((resolve) => silent.once("close", resolve));
	const kept = connect({ port: server.port, host: "localhost", ca: made.ca, servername: "localhost" });
	await new Promise((resolve) => kept.once("secureConnect", resolve));
	assert.is(await get(server.port, made.ca), '{"status":"alive"}');
	await isClosed;
	assert.not.ok(kept.destroyed);
	for (let count = 0; count < 5; count += 1) {
		const garbage = connectTcp(server.port, "127.0.0.1");
		garbage.on("error", () => {});
		garbage.write("GET / HTTP/1.1\r\n\r\n");
		await new Promise((resolve) => garbage.once("close", resolve));
	}
	await new Promise((resolve) => setTimeout(resolve, 50));
	const again = connect({ port: server.port, host: "localhost", ca: made.ca, servername: "localhost" });
	await new Promise((resolve) => again.once("secureConnect", resolve));
	again.destroy();
	kept.destroy();
	await server.close();
});

test.run();
