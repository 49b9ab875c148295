"""Domains of mail providers where strangers share a domain: there it says nothing about who belongs together."""

from __future__ import annotations

_NAMES = """
gmail.com googlemail.com outlook.com hotmail.com live.com msn.com passport.com yahoo.com ymail.com rocketmail.com
icloud.com me.com mac.com aol.com aim.com proton.me protonmail.com protonmail.ch pm.me tutanota.com tuta.io tuta.com
gmx.net gmx.de gmx.at gmx.ch gmx.com gmx.us web.de t-online.de freenet.de arcor.de posteo.de mailbox.org 1und1.de
mail.com email.com usa.com hushmail.com fastmail.com fastmail.fm zoho.com zohomail.com hey.com duck.com
yandex.com yandex.ru ya.ru mail.ru bk.ru inbox.ru list.ru rambler.ru ukr.net i.ua meta.ua
qq.com foxmail.com 163.com 126.com yeah.net sina.com sina.cn sohu.com aliyun.com 139.com 189.cn
naver.com daum.net hanmail.net kakao.com nate.com yahoo.co.jp docomo.ne.jp ezweb.ne.jp softbank.ne.jp
orange.fr wanadoo.fr free.fr laposte.net sfr.fr neuf.fr bbox.fr libero.it virgilio.it alice.it tin.it tiscali.it
terra.es telefonica.net movistar.es ono.com terra.com.br uol.com.br bol.com.br ig.com.br globo.com
btinternet.com sky.com virginmedia.com ntlworld.com talktalk.net blueyonder.co.uk tiscali.co.uk
comcast.net verizon.net att.net sbcglobal.net bellsouth.net cox.net charter.net earthlink.net optonline.net
rogers.com shaw.ca sympatico.ca bigpond.com bigpond.net.au optusnet.com.au telstra.com xtra.co.nz
telenet.be skynet.be ziggo.nl kpnmail.nl planet.nl xs4all.nl hetnet.nl home.nl bluewin.ch sunrise.ch hispeed.ch
telia.com bredband.net online.no tele2.se abv.bg seznam.cz centrum.cz volny.cz wp.pl o2.pl onet.pl interia.pl
rediffmail.com indiatimes.com sapo.pt mail.pt freemail.hu citromail.hu walla.co.il walla.com
""".split()

_FAMILIES = ("yahoo.", "hotmail.", "outlook.", "live.", "gmx.")
"""Providers with a domain per country."""

PUBLIC_DOMAINS = frozenset(_NAMES)


def is_public_domain(domain: str) -> bool:
    """Whether anybody can get an address in ``domain`` (in its compared form)."""
    return domain in PUBLIC_DOMAINS or domain.startswith(_FAMILIES)
