package io.bitrouter.node.edge;

import java.nio.file.Path;

/**
 * Where a listener's certificate is.
 *
 * @param certificate PEM file with the certificate and its chain, the leaf first
 * @param key PEM file with its unencrypted PKCS #8 private key
 */
public record TlsFiles(Path certificate, Path key) {}
