import { generateKeyPairSync, type KeyObject, randomInt, sign } from "node:crypto";

/** X.509 certificates made on the spot: Node can read and check them but not make them, and openssl may be absent. */

export interface Identity {
  readonly name: string;
  readonly key: KeyObject;
  readonly keyPem: string;
  readonly certPem: string;
}

export const certificateAuthority = (name: string): Identity => identity(name, null, CA_EXTENSIONS);

/** A certificate for 127.0.0.1, good for servers and clients. */
export const issuedBy = (authority: Identity, name: string): Identity => identity(name, authority, LEAF_EXTENSIONS);

const identity = (name: string, authority: Identity | null, extensions: Buffer): Identity => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = sequence(
    tagged(0, integer(2)),
    integer(randomInt(0x40000000, 0x7fffffff)),
    ECDSA_WITH_SHA256,
    commonName(authority?.name ?? name),
    sequence(utcTime(-1), utcTime(1)),
    commonName(name),
    publicKey.export({ type: "spki", format: "der" }),
    tagged(3, extensions),
  );
  const signature = sign("sha256", body, authority?.key ?? privateKey);
  const der = sequence(body, ECDSA_WITH_SHA256, bits(signature));
  return {
    name,
    key: privateKey,
    keyPem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    certPem: `-----BEGIN CERTIFICATE-----\n${der.toString("base64").replace(/.{64}/g, "$&\n")}\n-----END CERTIFICATE-----\n`,
  };
};

// DER (X.690): a tag, the length, the content.

const der = (tag: number, content: Buffer): Buffer => {
  const { length } = content;
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), content]);
};
const sequence = (...parts: Buffer[]): Buffer => der(0x30, Buffer.concat(parts));
const tagged = (tag: number, content: Buffer): Buffer => der(0xa0 | tag, content);
const bits = (content: Buffer): Buffer => der(0x03, Buffer.concat([Buffer.from([0]), content]));
const octets = (content: Buffer): Buffer => der(0x04, content);
const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, "hex"));
const TRUE = der(0x01, Buffer.from([0xff]));

/** A small integer in one byte, a serial number in four whose first bit is never set: no padding to think of. */
const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return der(0x02, value < 128 ? bytes.subarray(3) : bytes);
};

const commonName = (name: string): Buffer => sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(name)))));

const utcTime = (daysFromNow: number): Buffer => {
  const digits = new Date(Date.now() + daysFromNow * 86_400_000).toISOString().replace(/[-:T]/g, "");
  return der(0x17, Buffer.from(`${digits.slice(2, 14)}Z`));
};

const ECDSA_WITH_SHA256 = sequence(oid("2a8648ce3d040302"));
/** basicConstraints, critical: a CA. */
const CA_EXTENSIONS = sequence(sequence(oid("551d13"), TRUE, octets(sequence(TRUE))));
/** subjectAltName: the address 127.0.0.1. */
const LEAF_EXTENSIONS = sequence(sequence(oid("551d11"), octets(sequence(der(0x87, Buffer.from([127, 0, 0, 1]))))));
