/**
 * The least that a gateway in Node can do: Node's server, undici, and nothing in between. `npm run bench:serve -- --floor` measures it, so that the
 * cost of the second connection is known.
 */
import { createServer } from "node:http";
import process from "node:process";
import { Pool } from "undici";

const [origin = "", port = "0"] = process.argv.slice(2);
const pool = new Pool(origin, { allowH2: false });

createServer((request, response) => {
	const chunks: Buffer[] = [];
	request.on("data", (chunk: Buffer) => chunks.push(chunk));
	request.on("end", async () => {
		const body = Buffer.concat(chunks);
		const path = request.url ?? "/";
		const answer = await pool.request({ method: "POST", path, headers: { "content-type": "application/json" }, body });
		response.writeHead(answer.statusCode, { "content-type": String(answer.headers["content-type"]) });
		if (answer.headers["content-type"] === "text/event-stream") answer.body.pipe(response);
		else response.end(Buffer.from(await answer.body.arrayBuffer()));
	});
}).listen(Number(port), "127.0.0.1");
