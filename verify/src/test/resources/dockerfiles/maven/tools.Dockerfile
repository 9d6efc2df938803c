# What the images eclipse-temurin and maven are: a JDK and Maven on Debian.
FROM debian:bookworm AS java
ADD jdk.tar /opt/
ENV JAVA_HOME=/opt/jdk LANG=C.UTF-8
ENV PATH=$JAVA_HOME/bin:$PATH

FROM java AS maven
ADD maven.tar /usr/share/
RUN ln -s /usr/share/maven/bin/mvn /usr/bin/mvn
ENV MAVEN_HOME=/usr/share/maven
CMD ["mvn"]
