/** A process that starts a server, prints its process id, and ends without closing anything. */
import process from "node:process";
import { serverSettings, testTools } from "./mcp.ts";

const [mode = "exit"] = process.argv.slice(2);
const tools = testTools([serverSettings("stubborn")]);
process.stdout.write(`${await tools.text("pid")}\n`);
// Without a call in flight, the server alone must not keep this process alive.
if (mode === "exit") process.exit(0);
