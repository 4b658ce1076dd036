import { createHash, createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Credentials that the server accepts. */
export const S3_KEYS = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY" } as const;
export const S3_REGION = "eu-test-1";
export const S3_BUCKET = "media";

/** A request as the server received it. */
export interface S3Request {
	readonly method: string;
	/** Path and query. */
	readonly url: string;
	readonly bytes: number;
}

/** Answers a request in place of the server. Returns false to let the server answer. */
export type S3Interception = (request: S3Request, response: ServerResponse) => boolean;

/**
 * A small server of the protocol of S3, which checks the signature of each request by its own implementation of Signature Version 4, and the minimum size
 * of parts.
 */
export class S3Server implements AsyncDisposable {
	readonly objects = new Map<string, Buffer>();
	readonly uploads = new Map<string, { readonly key: string; readonly parts: Map<number, Buffer> }>();
	readonly requests: S3Request[] = [];
	/** Answers in place of the server. */
	intercept: S3Interception = () => false;
	readonly #server: Server;
	readonly #minPart: number;

	private constructor(minPart: number) {
		this.#minPart = minPart;
		this.#server = createServer((request, response) => {
			void this.#receive(request, response);
		});
	}

	/** @param minPart Least bytes of a part but the last. The default is that of S3. */
	static async start(minPart = 5 * 1024 * 1024): Promise<S3Server> {
		const server = new S3Server(minPart);
		server.#server.listen(0, "127.0.0.1");
		await once(server.#server, "listening");
		return server;
	}

	get endpoint(): URL {
		const { port } = this.#server.address() as AddressInfo;
		return new URL(`http://127.0.0.1:${port}`);
	}

	async [Symbol.asyncDispose](): Promise<void> {
		this.#server.closeAllConnections();
		this.#server.close();
		await once(this.#server, "close");
	}

	async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const chunks: Buffer[] = [];
		for await (const chunk of request) chunks.push(chunk);
		const body = Buffer.concat(chunks);
		const { method = "", url = "" } = request;
		const received = { method, url, bytes: body.byteLength };
		this.requests.push(received);
		if (this.intercept(received, response)) return;
		const fault = signatureFault(request, body);
		if (fault !== undefined) refuse(response, 403, fault);
		else this.#answer(new URL(url, this.endpoint), request, { body, response });
	}

	#answer(url: URL, request: IncomingMessage, { body, response }: { readonly body: Buffer; readonly response: ServerResponse }): void {
		const key = decodeURIComponent(url.pathname).slice(`/${S3_BUCKET}/`.length);
		const { searchParams: query } = url;
		const uploadId = query.get("uploadId");
		const upload = uploadId === null ? undefined : this.uploads.get(uploadId);
		if (uploadId !== null && upload === undefined) {
			refuse(response, 404, "NoSuchUpload");
			return;
		}
		switch (request.method) {
			case "PUT": {
				if (upload === undefined) this.objects.set(key, body);
				else upload.parts.set(Number(query.get("partNumber")), body);
				response.writeHead(200, { etag: tagOf(body) }).end();
				return;
			}
			case "POST": {
				if (upload === undefined) {
					const id = randomUUID();
					this.uploads.set(id, { key, parts: new Map() });
					response.end(`<?xml version="1.0"?><InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`);
					return;
				}
				this.#complete({ id: uploadId ?? "", upload, body, response });
				return;
			}
			case "DELETE": {
				if (uploadId === null) this.objects.delete(key);
				else this.uploads.delete(uploadId);
				response.writeHead(204).end();
				return;
			}
			default: {
				if (query.has("uploads")) {
					const found = [...this.uploads].filter(([, { key: each }]) => each.startsWith(query.get("prefix") ?? ""));
					const entries = found.map(([id, { key: each }]) => `<Upload><Key>${each}</Key><UploadId>${id}</UploadId></Upload>`);
					response.end(
						`<ListMultipartUploadsResult>${entries.slice(0, Number(query.get("max-uploads"))).join("")}</ListMultipartUploadsResult>`,
					);
					return;
				}
				const content = this.objects.get(key);
				if (content === undefined) {
					refuse(response, 404, "NoSuchKey");
					return;
				}
				const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? "") ?? [];
				if (start === undefined || end === undefined) response.end(content);
				else if (Number(start) >= content.byteLength) refuse(response, 416, "InvalidRange");
				else {
					response.writeHead(206, { "content-range": `bytes ${start}-${end}/${content.byteLength}` });
					response.end(content.subarray(Number(start), Number(end) + 1));
				}
			}
		}
	}

	#complete(parts: {
		readonly id: string;
		readonly upload: { readonly key: string; readonly parts: Map<number, Buffer> };
		readonly body: Buffer;
		readonly response: ServerResponse;
	}): void {
		const { id, upload, body, response } = parts;
		const named = [...body.toString().matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>([^<]*)<\/ETag>/g)];
		const found = named.map(([, number, tag]) => {
			const part = upload.parts.get(Number(number));
			return part !== undefined && tagOf(part) === tag?.replaceAll("&quot;", '"') ? part : undefined;
		});
		const isWhole = found.length === upload.parts.size && found.every((part) => part !== undefined);
		const isLarge = found.slice(0, -1).every((part) => (part?.byteLength ?? 0) >= this.#minPart);
		// As S3 does, the status is that of a success even for an error.
		if (!isWhole || !isLarge) {
			response.end(`<Error><Code>${isWhole ? "EntityTooSmall" : "InvalidPart"}</Code></Error>`);
			return;
		}
		this.objects.set(upload.key, Buffer.concat(found.filter((part) => part !== undefined)));
		this.uploads.delete(id);
		response.end("<CompleteMultipartUploadResult></CompleteMultipartUploadResult>");
	}
}

function tagOf(bytes: Buffer): string {
	return `"${createHash("md5").update(bytes).digest("hex")}"`;
}

function refuse(response: ServerResponse, status: number, code: string): void {
	response.writeHead(status, { "content-type": "application/xml" }).end(`<?xml version="1.0"?><Error><Code>${code}</Code></Error>`);
}

/**
 * Returns the fault of a request's signature; `undefined` for a right one.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
 */
function signatureFault({ method = "", url = "", headers }: IncomingMessage, body: Buffer): string | undefined {
	const sha256 = (data: string | Buffer): string => createHash("sha256").update(data).digest("hex");
	const hmac = (key: string | Buffer, data: string): Buffer => createHmac("sha256", key).update(data).digest();
	const parsed =
		/^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/.exec(
			headers.authorization ?? "",
		);
	const [, accessKeyId, day = "", region, signedHeaders = "", signature] = parsed ?? [];
	if (accessKeyId !== S3_KEYS.accessKeyId || region !== S3_REGION) return "InvalidAccessKeyId";
	const time = String(headers["x-amz-date"]);
	const names = signedHeaders.split(";");
	if (!["host", "x-amz-content-sha256", "x-amz-date"].every((name) => names.includes(name)) || !time.startsWith(day)) return "AccessDenied";
	if (headers["x-amz-content-sha256"] !== sha256(body)) return "XAmzContentSHA256Mismatch";
	const [path = "", search = ""] = url.split("?");
	const query = search.split("&").filter((pair) => pair !== "");
	const canonical = [
		method,
		path,
		query
			.map((pair) => (pair.includes("=") ? pair : `${pair}=`))
			.sort()
			.join("&"),
		...names.map((name) => `${name}:${String(headers[name]).trim()}`),
		"",
		signedHeaders,
		sha256(body),
	].join("\n");
	const scope = `${day}/${region}/s3/aws4_request`;
	const key = hmac(hmac(hmac(hmac(`AWS4${S3_KEYS.secretAccessKey}`, day), region), "s3"), "aws4_request");
	const wanted = hmac(key, ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n")).toString("hex");
	return wanted === signature ? undefined : "SignatureDoesNotMatch";
}
