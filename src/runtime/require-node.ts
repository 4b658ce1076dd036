/**
 * Fails the import of the package on an older Node. The first import of each entry: a module is evaluated before those that follow it, and all
 * modules of the package can be parsed and linked by Node 20.
 */
import { nodeVersionFault } from "./node-version.ts";

const fault = nodeVersionFault();
if (fault !== undefined) throw new Error(`spear-hostcall: ${fault}`);
