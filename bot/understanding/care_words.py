"""The words in which people say what their care depends on: phrases of four languages, in plain letters, our own.

`SAID`: a phrase that says it, whatever stands before. `UNLESS_DENIED`: a phrase that a "not" before it turns round
("I am not ill"). `MEANT_OTHERWISE`: what takes the meaning away ("stop sending the link, I pay by card").
"""

SAID = {
    "stop_contact": (
        r"\b(?:ne|n') ?(?:veux|souhaite|desire|voulons|autorise)\w* (?:\w+ ){0,2}(?:plus|pas)\b[^.!?]{0,40}(?:messages?|msgs?|sms|mails?|appels?|contact\w*|relanc\w*|courriers?|recevoir|rappels?)",
        r"\b(?:m'ecri\w+|me contact\w+|m'appel\w+|m'envoy\w+|me relanc\w+|me derang\w+|m'embet\w+|me parl\w+)[^.!?]{0,12} plus\b",
        r"\b(?:ne|n')? ?(?:vous )?(?:donne|autorise)\w* (?:plus|pas)[^.!?]{0,30}(?:contact|ecrire|appel)",
        r"\b(?:oubliez|effacez|supprim\w+|retir\w+|enlev\w+|ray\w+|bloque\w*|desinscri\w+|desabonn\w+)[- ](?:moi|mon (?:numero|nom|tel\w*|mail))\b",
        r"\b(?:don'?t|do not|no longer|not) (?:want|wish|need|consent)[^.!?]{0,40}(?:texts?|messages?|calls?|emails?|contact\w*|reminders?|letters?)\b",
        r"\b(?:quit|cease|stop|no more|enough with|knock off)[^.!?]{0,20}(?:text\w*|messag\w*|call\w*|contact\w*|email\w*|writ\w*|letters?|remind\w*|communicat\w*|pestering|bothering|hassling|spamming)",
        r"\b(?:lose|delete|erase|remove|forget|block|take) (?:my|me|this) ?(?:number|phone|email|name|contact|from|off)",
        r"\b(?:never|not|don'?t|do not) (?:\w+ )?(?:contact|text|call|write|message|email|ring|bother|disturb)\b[^.!?]{0,12}(?:me|us|again|this number)",
        r"\bno (?:me |nos |le |les )?(?:\w+ ){0,3}(?:escrib|contact|envi|mand|llam|molest|fastidi|busqu)\w*[^.!?]{0,25}(?:mas|nunca|jamas|ningun|otra vez)\b",
        r"\bno (?:quiero|deseo|autorizo|queremos|consiento)\w* (?:\w+ ){0,4}(?:mensaj|sms|avis|llamad|correos?|comunicac|contact|recordat|que me (?:escrib|llam|mand|envi|contact|molest))\w*",
        r"\b(?:dej[aeo]\w*|par[ae]\w*|cort[ae]\w*|ces\w+|basta|bast[ae]) (?:\w+ ){0,2}(?:de |con |ya )(?:\w+ ){0,2}(?:escrib|mand|envi|llam|contact|molest|acos|mensaj|sms|avis|correo|carta|comunic|insist|fastid)\w*",
        r"\b(?:borr|quit|elimin|saqu|sac|retir|bloque|desuscrib|olvid)\w*(?:me)? (?:de|mi|ya de|este)?\b[^.!?]{0,10}(?:lista|numero|telefono|contacto|base|ficher|registro|envios)",
        r"\bni (?:un|una) (?:\w+ )?(?:mensaje|sms|llamada|correo|aviso|carta)\w* mas\b",
        r"\b(?:keine|nie wieder|nie mehr|kein einzige\w*) (?:\w+ ){0,2}(?:nachricht\w*|sms|mails?|e-mails?|anruf\w*|brief\w*|erinnerung\w*|kontakt\w*|werbung|post)\b",
        r"\b(?:schreib|kontaktier|belastig|ruf|meld|nerv|schick|stor)\w*[^.!?]{0,30}(?:nicht mehr|nie wieder|nie mehr|nicht nochmal|nicht wieder|nimmer)\b",
        r"\b(?:will|mochte|wunsche|mag) (?:\w+ ){0,5}(?:nicht mehr|nichts mehr|keine\w*|nimmer)[^.!?]{0,30}(?:nachricht|sms|mail|anruf|angeschrieben|kontaktiert|angerufen|horen|kontakt|post)\w*",
        r"\b(?:hor\w*|horts?) (?:\w+ ){0,2}auf\b|\baufhoren\b[^.!?]{0,20}(?:sms|nachricht|schreib|anruf)|\b(?:unterlass|unterlasst|einstell)\w*[^.!?]{0,25}(?:kontakt|schreib|nachricht|anruf|zusendung)|\b(?:kontakt|schreib|nachricht|anruf|zusendung)\w*[^.!?]{0,25}(?:unterlass|unterbleib|abseh|einstell)\w*",
        r"\b(?:losch|streich|nehm|nimm|trag|sperr)\w*[^.!?]{0,25}(?:nummer|verteiler|liste|kartei)\b|\b(?:abbestell|abmeld|austrag)\w*",
        r"\bin (?:ruhe|ruah|frieden) (?:lass|bitte)?|\blass\w* (?:\w+ )?mi(?:ch)? in\b",
        r"\b(?:paix|tranquille?s?)\b|\bleave (?:me|us) (?:alone|be)\b|\bdej\w+ (?:\w+ )?(?:en paz|tranquil)",
        r"\bopt(?:ing)? ?out\b|\bunsubscribe\b|\bdarme de baja de (?:los|las|estos|sus)\b|\bse desabonner|\bme desinscri",
        r"\b(?:einwilligung|zustimmung)\b[^.!?]{0,20}(?:wider|zuruck)|\b(?:retir|revoc)\w+ (?:mi |el )?consentimiento|\bwithdraw\w*[^.!?]{0,10} consent|\bretire\w* mon (?:consentement|accord)",
    ),
    "request_human": (
        r"\b(?:parl|discut|echang|causer|entret|voir|avoir)\w*[^.!?]{0,15} (?:quelqu'?un|qqn|qq1|une? (?:vrai\w* )?(?:personne|humain\w*|conseill\w+|agent\w*|responsable|etre humain|interlocut\w+|collegue|operat\w+))\b",
        r"\b(?:rappele[zr]|appele[zr])[- ](?:moi|nous)|\b(?:etre|me|se faire) rappele[rz]?\b|\b(?:qu'on|quelqu'un) (?:m'|me )(?:r?appelle|telephone)",
        r"\b(?:un|une|vrai|veritable) (?:vrai\w* )?(?:humain\w*|conseill\w+|operat\w+|standard\w*|teleconseill\w+)\b",
        r"\b(?:talk|speak|chat|spoke) (?:to|with) (?:a |an |the |your |some|any)?(?:real |actual |live |human |proper |different )?(?:person|human|people|someone|somebody|agent|manager|supervisor|rep\w*|advis\w+|operator|one|boss|anyone|colleague|team)\b",
        r"\b(?:call|ring|phone) (?:me|us)\b|\bcall ?back\b|\b(?:real|live|actual) (?:person|human|agent)\b|\b(?:human|operator|representative) (?:please|pls|now)\b|\bput me through\b|\bconnect me\b",
        r"\b(?:habl|conver|plat[ie]c|comunic|trat|ablar)\w*[^.!?]{0,20} (?:con )(?:una? |algun\w* |el |la |su |un )?(?:persona|alguien|human\w*|agente|asesor\w*|operador\w*|encargad\w*|supervisor\w*|jefe|responsable|gestor\w*|ejecutiv\w*|representante|ser human)\b",
        r"\b(?:llam[ae]n?me|llamadme|llamame|me (?:puede[ns]?|podria[ns]?) (?:llamar|devolver la llamada)|que me (?:llame|atienda)|pas[ae](?:n|d)?me (?:con|a )|pon(?:ga|game|me|ganme|gan)\w* (?:con|a) |comunique(?:n)?me|transfier\w+me)",
        r"\b(?:atienda|atender|conteste|responda|llame)\w* (?:un|una|alguien) ?(?:persona|human\w*|asesor\w*|agente|operador\w*)?",
        r"\b(?:mensch\w*|mitarbeiter\w*|berater\w*|sachbearbeiter\w*|jemand\w*|kolleg\w*|chef|vorgesetzt\w*|ansprechpartner\w*|person|opperem)\b[^.!?]{0,25}(?:sprech|red|telefonier|spreche|verbind|rede|kontakt|unterhalt)\w*",
        r"\b(?:sprech|red|telefonier|verbind|spreche|weiterleit|leit)\w*[^.!?]{0,20}(?:mensch\w*|mitarbeiter\w*|berater\w*|sachbearbeiter\w*|jemand\w*|kolleg\w*|chef|vorgesetzt\w*|opperem)\b",
        r"\b(?:ruckruf|zuruckruf\w*|ruf\w* (?:sie |mich |bitte )*(?:zuruck|an))\b|\brufen sie mich\b|\bruf mich\b|\b(?:echt|richtig|real)\w* (?:mensch|person)\w*|\bpersonlich\w* (?:gesprach|sprechen|ansprechpartner)",
    ),
    "report_hardship": (
        r"\b(?:peux|peut|pouvons|pourrai|pourrais|arrive|arrivons|suis) (?:\w+ ){0,2}(?:pas|plus|incapable)(?: \w+){0,3} (?:payer|regler|rembourser|honorer|joindre)|\bpas (?:les moyens|de quoi|d'argent|l'argent|un sou|un rond)\b",
        r"\bplus (?:d'argent|un sou|rien sur|de travail|d'emploi|de boulot|de revenus?)|\b(?:perdu|perdre) (?:mon|ma|son|notre) (?:emploi|travail|job|boulot|taf|poste)|\bau chomage\b|\bfins? de mois\b|\bfauche|\ba decouvert|\ba sec\b|\bgalere",
        r"\bsans (?:emploi|travail|revenus?|ressources?|le sou|argent|boulot)\b|\bminimas? soci|\ble rsa\b|\bdifficultes? (?:financ|de treso)|\bsurendett(?!ement)|\b(?:licencie|vire)[es]*\b(?! au)",
        r"\b(?:can'?t|cannot|can not|could ?n'?t|unable to|not able to|no way (?:i|we) can|struggl\w+ to) (?:\w+ ){0,3}(?:pay|afford|settle|cope|make ends|feed)\b",
        r"\b(?:no|not have (?:the|any|enough)|don'?t have (?:the|any|enough)|haven'?t got (?:the|any|a)|out of|short of|low on) (?:money|cash|funds|job|work|income|penny)\b|\b(?:am|i'm|im|we're|dead|flat|skint|totally) (?:broke|skint)\b",
        r"\b(?:lost|losing|lose) (?:my|his|her|our) (?:job|work|business|income|hours)\b|\blaid off\b|\bmade redundant\b|\bunemployed\b|\bout of work\b|\bends meet\b|\bon (?:benefits|universal credit|welfare|food stamps)\b|\bfood ?bank\b|\bzero hours\b",
        r"\bno (?:\w+ )?(?:pued[oe]|podemos|podre|podria)\w* (?:\w+ ){0,2}(?:pagar|permitir|hacer frente|afrontar|costear|asumir)\w*",
        r"\b(?:no|ni) (?:me |nos )?(?:tengo|tenemos|hay|queda|entra|alcanza|llega|llego|llegamos|da|gano|cobro)\b (?:\w+ )?(?:dinero|plata|lana|con que|para pagar|un (?:duro|peso|euro|centavo)|ni|nada|a fin|de donde|ingresos?|trabajo|para)",
        r"\bno (?:me |nos )?(?:alcanza|llega)\b|\b(?:en|al) (?:el )?paro\b|\bsin (?:trabajo|empleo|plata|dinero|ingresos?|un (?:duro|peso|euro|centavo|mango)|chamba|curro|laburo)\b|\b(?:perdi|perdio|quede sin|quedado sin|quedo sin) (?:mi |el |la |su )?(?:trabajo|empleo|chamba|curro|pega|laburo|puesto)\b",
        r"\b(?:me|nos|lo|la|le) (?:despid\w+|echaron|han (?:despedido|echado)|botaron|corrieron)\b|\bdespidieron\b|\bdesemplead|\bdificultades? (?:economic|financ|de tesor)|\barruinad|\bquebrad[oa]\b|\bhasta el cuello\b|\bfin de mes no llego|\bingreso minimo|\bsubsidio\b|\bcon que pagar\b",
        r"\b(?:kann|konnen|konnte|schaff\w*|kannst|chan|ka)\b (?:\w+ ){0,6}(?:nicht|nix|nichts|ned|net|nod|unmoglich|nimmer) (?:\w+ ){0,2}(?:be)?(?:zahl|begleich|aufbring|leist)\w*|\bnicht (?:leisten|in der lage|moglich zu zahlen)\b",
        r"\b(?:kein|keine|null|ka|kes|koa|ned genug|nicht genug|zu wenig) (?:geld|kohle|arbeit|job|einkommen|einkunfte|einnahmen|gald|god|lohn)\b|\barbeitslos|\b(?:job|arbeit|stelle|arbeitsplatz) (?:\w+ )?verloren\b|\bpleite\b|\bblank\b|\bburgergeld|\bsozialhilfe|\bhartz\b|\bnotstandshilfe|\bkurzarbeit",
        r"\b(?:reicht|langt|bleibt) (?:\w+ ){0,4}(?:nicht|nix|nichts|kaum|ned|grad|gerade|nur)\b[^.!?]{0,20}(?:monat|miete|leben|essen|ubrig|uber)?|\bfinanzielle\w* (?:schwierig|not|eng|problem)\w*|\bgekundigt worden\b|\bmir wurde gekundigt\b|\buberschuldet\b|\bzahlungsunfahig",
    ),
    "dispute_invoice": (
        r"\b(?:je |on |nous )?(?:conteste|contestons|contestation|reclamation sur la facture|refute|recuse)\b|\b(?:dois|doit|devons) (?:\w+ )?(?:rien|pas)\b|\bn'ai (?:jamais|pas|rien) (?:\w+ ){0,2}(?:command|souscri|sign|recu|achet|utilis|consomm|demand|beneficie|eu)\w*",
        r"\b(?:montant|facture|somme|calcul|prix|tarif|consommation|chiffre)\w* (?:\w+ ){0,3}(?:faux|fausse|errone\w*|incorrect\w*|inexact\w*|pas (?:le bon|bon|juste|correct)|ne correspond)|\berreur (?:de|sur|dans) (?:facturation|la facture|le montant|votre facture|calcul)|\bpas (?:ma|mes|a moi|notre) ?(?:facture|dette|la dette)?\b|\b(?:deux|2) fois (?:la meme|le meme|pour)|\bpas d'accord avec (?:le montant|la facture|cette)|\bfacture (?:a tort|en double)",
        r"\b(?:dispute|disputing|contest|query the)\b|\b(?:don'?t|do not|didn'?t|never|not) (?:owe|owed|ordered?|sign\w*|receiv\w*|agree\w* to|use[d]?|bought|recognis\w*|recogniz\w*|got the|get the)\b|\b(?:wrong|incorrect|false|not right|inflated|bogus|inaccurate) (?:amount|bill|charge|invoice|figure|price|total|sum)\b",
        r"\b(?:amount|bill|charge|invoice|figure|price|total|reading) (?:\w+ ){0,3}(?:wrong|incorrect|not right|doesn'?t match|too high|false)\b|\b(?:over|double)[- ]?(?:charg|bill)\w*|\bcharged (?:\w+ )?(?:twice|too much|for something)|\bnot (?:my|mine|our) ?(?:bill|debt|invoice|charge|account)?\b|\bowe you nothing\b|\bdon'?t agree with (?:the|this|your) (?:bill|amount|charge|invoice)",
        r"\b(?:impugn|disconform|disput)\w*|\bno (?:reconozco|reconocemos|lo debo|la debo|debo|les debo|le debo|acepto (?:ese|este|el) car|procede|me corresponde|contrate|pedi|firme|compre|estoy de acuerdo con (?:la fact|el impor|lo que)|estoy conforme con)\b|\bnunca (?:recibi|contrate|pedi|firme|compre|me (?:llego|entreg|dieron)|use|llego|he contratado|he recibido)\w*",
        r"\b(?:importe|monto|factura|cobro|cantidad|precio|calculo|recibo|cargo|cuenta)\w* (?:\w+ ){0,3}(?:incorrect|equivocad|errone|mal\b|fals|inflad|duplicad|indebid)\w*|\b(?:cobr|factur)\w* (?:\w+ )?(?:de mas|dos veces|doble|indebid\w*|dobl\w*)|\b(?:deuda|factura) no (?:es (?:mia|nuestra)|existe|es mi)|\bno es (?:mi|mia|nuestra) (?:factura|deuda)|\breclam\w* (?:la|esta|esa|por) (?:factura|cobro)|\bmal (?:calculad|cobrad|facturad)\w*|\bprescrit[ao]\b|\bno he contratado\b",
        r"\b(?:rechnung|betrag|forderung|summe|preis|abrechnung|verbrauch|gebuhr)\w* (?:\w+ ){0,4}(?:falsch|stimm\w* (?:so )?(?:nicht|ned|net|nod)|nicht korrekt|zu hoch|unberechtigt|nicht richtig|fehlerhaft|unbegrundet|nicht nachvollziehbar)|\bstimm\w* (?:\w+ ){0,3}(?:nicht|ned|net|nod)\b|\b(?:widersprech|widerspruch|bestreit|reklamier|beanstand|einspruch|anfecht)\w*",
        r"\b(?:schulde|schulden wir)\w* (?:\w+ ){0,3}(?:nichts|nix|keinen)\b|\b(?:nie|nicht|nix|niemals|nichts) (?:\w+ )?(?:bestell|bekommen|erhalten|geliefert|abgeschlossen|beauftrag|unterschrieb|gebucht|angekommen|genutzt)\w*|\b(?:doppelt|zu viel|zuviel|zweimal) (?:\w+ )?(?:berechn|abgerechn|verrechn|abgebuch|abgezog|kassier)\w*|\bnicht meine (?:rechnung|schuld)|\berkenne (?:\w+ ){0,3}nicht an\b|\bverjahrt\b|\bverrechnet\b",
    ),
    "wrong_person": (
        r"\b(?:pas|plus) (?:la (?:bonne )?personne|moi|le bon (?:numero|destinataire)|monsieur|madame|mme|m\.|le titulaire|la titulaire)\b|\b(?:mauvais|faux|erreur de) (?:numero|destinataire|personne|interlocuteur)|\btrompe\w* (?:de|d') ?(?:personne|numero|destinataire|adresse)|\bconnais pas (?:cette|ce|de|la|le)\b|\bm'appelle pas\b|\bn'habite plus ici\b|\bplus son numero\b",
        r"\bwrong (?:number|person|guy|man|woman|lady|address|email|one|name)\b|\bnot (?:the (?:person|one|account ?holder|customer|right)|him|her|that person|who you|mr|mrs|ms|my name)\b|\bno (?:one|body) (?:\w+ )?(?:by|with|of|called|here)\b[^.!?]{0,15}|\bdon'?t know (?:any|this|that|him|her|who (?:that|this))\b|\bnever heard of (?:him|her|them|this|that)|\bdoesn'?t live here\b|\bmistaken identity\b|\bsomeone else'?s (?:number|bill|phone)",
        r"\bno soy (?:yo|el|la|esa|ese|quien|a quien|don|dona|[a-z]{3,12}\b(?:,|$))|\b(?:numero|persona|destinatario|direccion|contacto) (?:equivocad|erroe?ne)\w*|\b(?:se )?(?:equivoc|confund)\w* (?:\w+ )?de (?:persona|numero|contacto|direccion|cliente)|\bno (?:conozco|conocemos) a\b|\b(?:no vive|ya no vive|no reside)\b|\bno me llamo\b|\berror de numero\b|\bno es (?:el|mi) (?:numero de|nombre)|\bno trabaja (?:ya )?aqui",
        r"\bfalsch\w* (?:nummer|person|verbunden|empfanger|adress\w*|mann|frau|adressat\w*|mensch)|\b(?:bin|heiss\w*) (?:\w+ ){0,3}nicht (?:der|die|herr|frau|so|gemeint|ich|derjenige|diejenige)\b|\bnicht die (?:richtige )?person\b|\b(?:kenn\w*) (?:\w+ ){0,3}(?:keine?n?|nicht|ned)\b|\bverwechsel\w*|\bwohnt (?:\w+ ){0,3}(?:nicht|nimmer|niemand|kein)\w*|\bverwahlt\b|\bniemand\b[^.!?]{0,15}(?:namen|heisst)|\bgehort (?:\w+ ){0,3}nicht (?:mehr )?(?:mir|ihm|ihr|herrn|frau)|\bfalsch verbunden|\bdas bin ich nicht\b",
    ),
    "report_sensitive": (
        r"\b(?:decede\w*|deces|defunt\w*|est mort\w*|veu(?:f|ve)\b|obseques|enterrement|en deuil|succession|notaire)|\b(?:sous|ma|une|la) (?:tutelle|curatelle)|\btut(?:eur|rice)\b|\bcurat(?:eur|rice)\b|\bcommission de surendettement|\bbanque de france|\b(?:liquidation|redressement) judiciaire|\bdossier de surendettement|\bfaillite|\bmandataire judiciaire",
        r"\b(?:passed away|deceased|has died|died|funeral|bereave\w*|widow\w*|executor|probate|late (?:husband|wife|father|mother|mum|dad))\b|\b(?:bankrupt\w*|chapter (?:7|13|11)|insolven\w*|iva|debt relief order|dro|administration|liquidation)\b|\bpower of attorney\b|\bguardian(?:ship)?\b|\b(?:dementia|alzheimer\w*|terminal\w*|palliative|hospice|intensive care|chemo\w*)\b|\bdomestic (?:abuse|violence)",
        r"\b(?:fallec|difunt|defunc)\w*|\b(?:muri[oe]|murieron|ha muerto|se murio|muerto|muerta|se nos (?:fue|murio|ha ido))\b|\b(?:viud[oa]|enviud\w*|de luto|entierro|enterramos|heredero|albacea)\b|\bconcurso (?:de|voluntario|de acreedores|persona)|\bsegunda oportunidad\b|\b(?:insolven|bancarrota|quiebra)\w*|\b(?:tutela|tutor\w*|curador\w*|curatela|incapacitad\w*|interdic\w*)\b|\b(?:alzheimer|demencia|cancer|quimio\w*|terminal|uci|leucemia|tumor|paliativ\w*|ictus|coma)\b|\b(?:violencia (?:de genero|domestica|machista)|maltrat\w*|casa de acogida|orden de alejamiento)",
        r"\b(?:verstorben\w*|gestorben|gstorbn|gstorbe|todesfall|beerdigung|beigesetzt|witwer?|hinterblieben\w*|erblasser\w*|nachlass\w*|in trauer|verstarb|trauerfall|erbin|ums leben|lebt nicht mehr|ist tot)\b|\b(?:privat|verbraucher)?insolven\w*|\b(?:konkurs|schuldenregulierung|restschuldbefreiung|treuhander)\w*|\b(?:betreuer(?:in)?|betreuung|vormund\w*|erwachsenen(?:schutz|vertret)\w*|beistand|sachwalter\w*)\b|\b(?:demenz|dement|alzheimer|krebs\w*|chemo\w*|intensivstation|hospiz|palliativ\w*|schlaganfall|psychiatrie|hirntumor|koma|leukamie)\b|\b(?:frauenhaus|hausliche gewalt|schlagt mich)\b",
    ),
    "legal_threat": (
        r"\b(?:avocat\w*|tribuna\w*|huissier\w*|plainte|proces\b|justice|juridi\w*|poursuiv\w+|poursuites|assign\w+|mise en demeure|dgccrf|cnil|mediateur|procureur|porter l'affaire|que choisir|60 millions)\b",
        r"\b(?:lawyer\w*|attorney\w*|solicitor\w*|barrister|sue|suing|lawsuit|court|legal action|legal\b|ombudsman|cfpb|fca|ftc|attorney general|trading standards|judge|tribunal|litigat\w*|report(?:ing|ed)? you to|complaint (?:with|to) the|police|bbb|ico|fdcpa|law firm|class action)\b",
        r"\b(?:abogad\w*|letrad\w*|demand(?:o|ar|are|arlos|aremos|a|arles)\b|denunci\w*|juzgado\w*|tribunal\w*|juicio|querella\w*|juez|burofax|judicial\w*|procurador\w*|profeco|condusef|sernac|indecopi|consumo y|facua|ocu\b|defensor del|acciones legales|carta documento|policia|bufete|fiscalia|poderdante|ilegal|legal(?:es)?)\b",
        r"\b(?:anwalt\w*|anwaltin\w*|rechtsanwalt\w*|gericht\w*|klage\w*|verklag\w*|anzeig\w*|jurist\w*|rechtlich\w*|rechtsschutz\w*|verbraucherzentrale|arbeiterkammer|bafin|bundesnetzagentur|staatsanwalt\w*|polizei|strafbar|strafanzeige|prozess|richter|rechtsbeistand|konsumentenschutz|datenschutzbehorde|schlichtungsstelle|kanzlei|friedensrichter)\b",
    ),
}  # fmt: skip

UNLESS_DENIED = {
    "report_hardship": (
        r"\b(?:malade|hospitalis\w*|arret maladie|au rsa|dettes|divorc\w*|en depression|handicap\w*|chomage)\b",
        r"\b(?:ill|sick|in hospital|on benefits|in debt|divorc\w*|disabled|redundan\w*|struggling|hardship)\b",
        r"\b(?:enferm[oa]|de baja medica|de baja por|deudas|divorci\w*|hospitalizad\w*|enyesad\w*|operaron|embargad\w*)\b",
        r"\b(?:krank\w*|im spital|im krankenhaus|schulden|scheidung|geschieden|krankgeschrieb\w*|alleinerziehend\w*)\b",
    ),
}  # fmt: skip

MEANT_OTHERWISE = {
    "stop_contact": (
        r"\b(?:link|lien|enlace|enlaces|links|code|codigo|pdf|factures?|facturas?|invoices?|rechnung\w*)\b",
        r"\b(?:don'?t|do not|not|never|no need to|please don'?t) (?:\w+ ){0,3}stop\b",
        r"\bn(?:e|') ?(?:\w+ ){0,2}(?:arrete|cesse)\w* (?:surtout )?pas\b|\bpas (?:envie |besoin )?que (?:vous|tu|ca) (?:arret|cess)\w*",
        r"\bno (?:quiero |hace falta |pretendo )?(?:que )?(?:dej|par|ces)\w* de\b",
        r"\b(?:nicht|ned|net) (?:\w+ ){0,3}(?:aufhoren|abmelden|abbestellen)\b|\bhor\w* (?:\w+ ){0,3}nicht auf\b",
        r"\b(?:wieder|again|a nouveau|de nouveau|otra vez|de nuevo)\b[^.!?]{0,30}(?:bekomm|erhalt|send|receiv|get|recevoir|recib)\w*",
    ),
    "report_hardship": (
        r"\b(?:link|lien|enlace|error|fehler|erreur|app|site|seite|pagina|page|website|web|button|boton|karte wird|card (?:is|was|got) (?:declin|reject))\b",
        r"\b(?:en une (?:seule )?fois|d'un coup|at once|all in one|in one go|de una (?:sola )?vez|de golpe|auf einmal|auf einen schlag)\b",
        r"\b(?:mais|but|pero|aber)\b[^.!?]{0,25}(?:demain|lundi|mardi|mercredi|jeudi|vendredi|tomorrow|monday|friday|manana|lunes|viernes|morgen|montag|freitag)",
    ),
    "request_human": (
        r"\b(?:don'?t|do not|never|stop|no need to) (?:\w+ )?(?:call|ring|phone)|\bno (?:me )?(?:llam|llaméis)\w*|\bn(?:e|') ?m'appele\w*|\bruf\w* (?:sie )?mich (?:bitte )?(?:nicht|nie)|\bnicht (?:mehr )?an(?:zu)?ruf\w*",
    ),
    "legal_threat": (
        r"\b(?:i am|i'm|i work as|je suis|soy|ich bin) (?:an? |une? )?(?:lawyer|avocat\w*|abogad\w*|anwalt\w*|juez|judge|richter\w*)(?! (?:and|et|y|und))",
        r"\b(?:vous|you|ustedes|sie)\b[^.!?]{0,25}(?:tribunal|court|juzgado|gericht|huissier|embarg\w*|poursui\w*|demandar|verklagen)[^.!?]{0,20}\?",
    ),
}  # fmt: skip
