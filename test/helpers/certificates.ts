import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** A key and its certificate, in PEM. */
export interface Certificate {
	readonly key: string;
	readonly cert: string;
}

/** Returns a certificate authority and the certificate of a server with these names, which it has signed. */
export function createCertificates(...names: readonly string[]): { readonly ca: string; readonly server: Certificate } {
	const authority = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const server = generateKeyPairSync("ec", { namedCurve: "P-256" });
	const issuer = "Test Authority";
	const isAuthority = extension("551d13", true, sequence(boolean(true)));
	const altNames = sequence(...names.map((name) => tlv(0x82, Buffer.from(name))));
	const ca = certificate({
		issuer,
		subject: issuer,
		publicKey: authority.publicKey,
		extensions: [isAuthority],
		signer: authority.privateKey,
	});
	const cert = certificate({
		issuer,
		subject: names[0] ?? "server",
		publicKey: server.publicKey,
		extensions: [extension("551d11", false, altNames)],
		signer: authority.privateKey,
	});
	return { ca, server: { key: String(server.privateKey.export({ type: "pkcs8", format: "pem" })), cert } };
}

interface CertificateFields {
	readonly issuer: string;
	readonly subject: string;
	readonly publicKey: KeyObject;
	readonly extensions: readonly Buffer[];
	readonly signer: KeyObject;
}

/** @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1 */
function certificate({ issuer, subject, publicKey, extensions, signer }: CertificateFields): string {
	const ecdsaWithSha256 = sequence(oid("2a8648ce3d040302"));
	const day = 86_400_000;
	const fields = sequence(
		tlv(0xa0, integer(2)),
		integer(Math.floor(Math.random() * 2 ** 30) + 1),
		ecdsaWithSha256,
		name(issuer),
		sequence(time(Date.now() - day), time(Date.now() + day)),
		name(subject),
		publicKey.export({ type: "spki", format: "der" }),
		tlv(0xa3, sequence(...extensions)),
	);
	const signature = sign("sha256", fields, signer);
	const der = sequence(fields, ecdsaWithSha256, tlv(0x03, Buffer.concat([Buffer.from([0]), signature])));
	const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
	return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function tlv(tag: number, content: Buffer): Buffer {
	const { length } = content;
	const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
	return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...items: readonly Buffer[]): Buffer {
	return tlv(0x30, Buffer.concat(items));
}

function integer(value: number): Buffer {
	const bytes = Buffer.alloc(5);
	bytes.writeUInt32BE(value, 1);
	return tlv(0x02, bytes.subarray(bytes.findIndex((byte, index) => index === 4 || byte !== 0 || ((bytes[index + 1] ?? 0) & 0x80) !== 0)));
}

function boolean(value: boolean): Buffer {
	return tlv(0x01, Buffer.from([value ? 0xff : 0]));
}

function oid(hex: string): Buffer {
	return tlv(0x06, Buffer.from(hex, "hex"));
}

function name(commonName: string): Buffer {
	return sequence(tlv(0x31, sequence(oid("550403"), tlv(0x0c, Buffer.from(commonName)))));
}

function time(at: number): Buffer {
	return tlv(0x17, Buffer.from(`${new Date(at).toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
}

function extension(id: string, critical: boolean, value: Buffer): Buffer {
	return sequence(oid(id), ...(critical ? [boolean(true)] : []), tlv(0x04, value));
}
