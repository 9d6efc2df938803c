/// The distribution protocol from both ends: a client that is an image source and target, a server
/// that serves any.
module io.djong.registry {
  requires static org.jspecify;
  requires transitive io.djong.model;
  requires transitive io.djong.content;
  requires transitive io.djong.http;
  requires bcrypt;
  requires org.bouncycastle.provider;
  requires com.nimbusds.jose.jwt;
  requires software.amazon.awssdk.auth;
  requires software.amazon.awssdk.core;
  requires software.amazon.awssdk.http;
  requires software.amazon.awssdk.http.urlconnection;
  requires software.amazon.awssdk.regions;
  requires software.amazon.awssdk.services.s3;

  exports io.djong.registry;
  exports io.djong.registry.client;
  exports io.djong.registry.s3;
  exports io.djong.registry.server;
  exports io.djong.registry.sign;
}
